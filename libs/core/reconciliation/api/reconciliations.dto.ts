import { ApiProperty } from '@nestjs/swagger'
import { checkBoolean } from '#kernel'
import { checkDomainName, type DomainName, parseDomainName } from '#core/domains'
import { ActorBody, checkQueryOneOf, Field, PageAnswer, PageQuery } from '#rest'
import {
  type FieldDifference,
  type Outcome,
  outcomes,
  type Remedy,
  remedies,
  type SystemName,
  systems,
  type ToldDifference,
} from '../domain/difference.ts'
import type { Policy } from '../domain/policy.ts'
import {
  type Phase,
  phases,
  type Reconciliation,
  type ReconciliationState,
  reconciliationStates,
} from '../domain/reconciliation.ts'
import { exampleDifference, exampleReconciliation } from './reconciliation-documentation.ts'

const everything = 'all'

const flag = { check: checkBoolean, type: Boolean, default: false, example: false }

export class StartReconciliationRequest {
  @Field({
    check: checkDomainName,
    required: true,
    type: String,
    description: '`all`, or the name of one domain, without those below it.',
    example: everything,
  })
  readonly scope!: string

  @Field({ ...flag, description: 'Mends the differences; otherwise they are only told.' })
  readonly apply?: boolean

  @Field({
    ...flag,
    description: "Also makes accounts, users and domains kitter's own that it never made.",
  })
  readonly adopt?: boolean

  @Field({
    ...flag,
    description:
      'Also removes what is left of users and domains that were removed elsewhere, instead of making them again.',
  })
  readonly delete?: boolean

  @Field({
    ...flag,
    description:
      'Mends also where one system lacks more than a tenth of the users: otherwise such a run fails before it mends a user.',
  })
  readonly force?: boolean
}

export function domainOf({ scope }: StartReconciliationRequest): DomainName | undefined {
  return scope === everything ? undefined : parseDomainName(scope)
}

export function policyOf(request: StartReconciliationRequest): Policy {
  const { apply = false, adopt = false, delete: remove = false, force = false } = request
  return { apply, adopt, remove, force }
}

export class ReconciliationCountsBody {
  @ApiProperty({ type: 'integer', description: 'Accounts read of Keycloak.', example: 1200 })
  readonly accounts!: number

  @ApiProperty({ type: 'integer', description: 'Users read of wac-core.', example: 1198 })
  readonly communications_users!: number

  @ApiProperty({ type: 'integer', description: 'Users that looked different when all were compared.', example: 5 })
  readonly suspects!: number

  @ApiProperty({ type: 'integer', description: 'How many of these have been looked at again.', example: 3 })
  readonly checked!: number

  @ApiProperty({
    type: 'integer',
    description: 'How many could not be looked at, since something else was being changed there for too long.',
    example: 0,
  })
  readonly busy!: number
}

const count = { type: 'integer', example: 0 } as const

export class DifferenceCountsBody {
  @ApiProperty({ ...count, description: 'Those that were found, and (as yet) not mended.' })
  readonly found!: number

  @ApiProperty({ ...count, description: 'Those that have been mended.' })
  readonly mended!: number

  @ApiProperty({ ...count, description: 'Those that may only be mended with `adopt` or `delete`.' })
  readonly left!: number

  @ApiProperty({ ...count, description: "Those that couldn't be mended; nothing of it was done." })
  readonly refused!: number

  @ApiProperty({
    ...count,
    description: "Those whose mending wasn't answered in time: it is settled in the background.",
  })
  readonly unsettled!: number
}

export class ReconciliationBody {
  @ApiProperty({ type: String, format: 'uuid', description: 'The id: a UUID.', example: exampleReconciliation.id })
  readonly id!: string

  @ApiProperty({ type: String, description: '`all`, or the name of one domain.', example: everything })
  readonly scope!: string

  @ApiProperty({ type: Boolean, description: 'Whether differences are mended.', example: true })
  readonly apply!: boolean

  @ApiProperty({ type: Boolean, description: 'Also what kitter never made.', example: false })
  readonly adopt!: boolean

  @ApiProperty({ type: Boolean, description: 'Also by removing.', example: false })
  readonly delete!: boolean

  @ApiProperty({ type: Boolean, description: 'Also where one system lacks very many.', example: false })
  readonly force!: boolean

  @ApiProperty({
    type: String,
    enum: reconciliationStates,
    description: '`failed`: a system was away for too long, or lacks too many users; `last_error` says which.',
    example: exampleReconciliation.state,
  })
  readonly state!: ReconciliationState

  @ApiProperty({
    type: String,
    enum: phases,
    description:
      'What it does, in this order: looks at the domains, reads the accounts, reads the users at wac-core, compares them all, ' +
      'looks at each user that seems to differ.',
    example: exampleReconciliation.phase,
  })
  readonly phase!: Phase

  @ApiProperty({ type: ReconciliationCountsBody, description: 'How far it is.' })
  readonly counts!: ReconciliationCountsBody

  @ApiProperty({ type: DifferenceCountsBody, description: 'Differences, by what came of them.' })
  readonly differences!: DifferenceCountsBody

  @ApiProperty({ type: ActorBody, description: 'Who asked for it.' })
  readonly started_by!: ActorBody

  @ApiProperty({ type: String, format: 'date-time', description: 'When.', example: exampleReconciliation.started_at })
  readonly started_at!: string

  @ApiProperty({
    type: String,
    format: 'date-time',
    required: false,
    description: 'When it ended.',
    example: '2026-10-12T10:01:00.000Z',
  })
  readonly ended_at?: string

  @ApiProperty({
    type: String,
    required: false,
    description: 'What last kept it from going on.',
    example: 'Keycloak does not answer. Nothing was changed.',
  })
  readonly last_error?: string
}

export class ReconciliationAnswer {
  @ApiProperty({ type: ReconciliationBody, description: 'The reconciliation.' })
  readonly reconciliation!: ReconciliationBody
}

export class ReconciliationsAnswer extends PageAnswer {
  @ApiProperty({ type: [ReconciliationBody], description: 'One page of reconciliations, newest first.' })
  readonly reconciliations!: readonly ReconciliationBody[]
}

export class FieldDifferenceBody {
  @ApiProperty({ type: String, description: "The field, as in a user's or domain's body.", example: 'email' })
  readonly field!: string

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'Its value in each system that has it; `null` is none.',
    example: exampleDifference.fields[0]?.values,
  })
  readonly values!: Readonly<Record<string, unknown>>
}

export class DifferenceBody {
  @ApiProperty({ type: String, enum: ['user', 'domain'], description: 'What differs.', example: 'user' })
  readonly about!: 'user' | 'domain'

  @ApiProperty({
    type: String,
    description: "The user's or domain's id; of what only wac-core has, its id there.",
    example: exampleDifference.id,
  })
  readonly id!: string

  @ApiProperty({ type: String, description: "The username, or the domain's name.", example: 'alice' })
  readonly name!: string

  @ApiProperty({ type: String, required: false, description: "The user's domain.", example: 'example.com' })
  readonly domain?: string

  @ApiProperty({ type: [String], enum: systems, description: "Which systems don't have it.", example: ['wac-core'] })
  readonly missing_in!: readonly SystemName[]

  @ApiProperty({ type: [FieldDifferenceBody], description: 'The fields that the systems differ in.' })
  readonly fields!: readonly FieldDifferenceBody[]

  @ApiProperty({
    type: String,
    enum: remedies,
    description:
      'What mends it. `restore`: what is missing is made again; `align`: all get the same values; `adopt`: kitter makes it its own; ' +
      "`remove`: what is left of it is removed; `none`: it never was one of kitter's, and stays as it is.",
    example: exampleDifference.remedy,
  })
  readonly remedy!: Remedy

  @ApiProperty({
    type: String,
    enum: outcomes,
    description: 'What came of it.',
    example: exampleDifference.outcome,
  })
  readonly outcome!: Outcome

  @ApiProperty({
    type: String,
    required: false,
    description: 'Why it was left or refused.',
    example: 'There is a user with this username already.',
  })
  readonly reason?: string
}

export class DifferencesAnswer extends PageAnswer {
  @ApiProperty({ type: [DifferenceBody], description: 'One page of differences, as they were found.' })
  readonly differences!: readonly DifferenceBody[]
}

export class ReconciliationsQuery extends PageQuery {}

export class DifferencesQuery extends PageQuery {
  @Field({
    check: checkQueryOneOf(...outcomes),
    type: String,
    enum: outcomes,
    description: 'Only those of which this came.',
    example: 'refused',
  })
  readonly outcome?: Outcome
}

export function reconciliationBodyOf(reconciliation: Reconciliation): ReconciliationBody {
  const { id, domain, policy, startedBy, state, phase, counts, differences, startedAt, endedAt, lastError } =
    reconciliation
  return {
    id,
    scope: domain ?? everything,
    apply: policy.apply,
    adopt: policy.adopt,
    delete: policy.remove,
    force: policy.force,
    state,
    phase,
    counts: {
      accounts: counts.accounts,
      communications_users: counts.communicationsUsers,
      suspects: counts.suspects,
      checked: counts.checked,
      busy: counts.busy,
    },
    differences,
    started_by: { id: startedBy.subject, name: startedBy.name },
    started_at: startedAt.toISOString(),
    ...(endedAt !== undefined && { ended_at: endedAt.toISOString() }),
    ...(lastError !== undefined && { last_error: lastError }),
  }
}

export function differenceBodyOf(told: ToldDifference): DifferenceBody {
  const { about, id, name, domain, missingIn, fields, remedy, outcome, reason } = told
  return {
    about,
    id,
    name,
    ...(domain !== undefined && { domain }),
    missing_in: missingIn,
    fields: fields.map(fieldBodyOf),
    remedy,
    outcome,
    ...(reason !== undefined && { reason }),
  }
}

function fieldBodyOf({ field, values }: FieldDifference): FieldDifferenceBody {
  return { field, values: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value ?? null])) }
}
