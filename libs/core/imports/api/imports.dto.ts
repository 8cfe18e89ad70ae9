import { ApiProperty } from '@nestjs/swagger'
import { type Check, checkText, invalid, isPlainObject } from '#kernel'
import { checkDomainName, parseDomainName } from '#core/domains'
import { ActorBody, BracketsField, checkQueryBoolean, checkQueryOneOf, Field, PageAnswer, PageQuery } from '#rest'
import { type FileFormat, fileFormats } from '../domain/file-format.ts'
import {
  type Import,
  type ImportedRow,
  type ImportState,
  importStates,
  type RowOutcome,
  rowOutcomes,
} from '../domain/import.ts'
import { existingPolicies, type ExistingPolicy, type ForeignRows, type Policy } from '../domain/policy.ts'
import { type ColumnNames, problemsOfNames } from '../domain/user-columns.ts'
import { exampleImport, exampleRow } from './import-documentation.ts'

const flag = { check: checkQueryBoolean, type: Boolean, default: false, example: true }

const checkName = checkText({ min: 1, max: 255 })

const checkNames: Check = (value) => {
  if (!isPlainObject(value)) return [{ path: '', problem: 'must name columns like columns[username]=Login' }]
  const wrong = Object.entries(value).flatMap(([path, name]) =>
    checkName(name).map(({ problem }) => ({ path, problem })),
  )
  return wrong.length > 0 ? wrong : problemsOfNames(namesIn(value))
}

export class StartImportQuery {
  @Field({ ...flag, description: 'Does everything but write, and says what would come of each row.' })
  readonly dry_run?: string

  @Field({
    check: checkQueryOneOf(...existingPolicies),
    type: String,
    enum: existingPolicies,
    default: 'skip',
    description:
      'What becomes of a row whose user is there already, in the same domain: it is skipped; the user is given what the row names; ' +
      'or the row is refused.',
    example: 'update',
  })
  readonly on_existing?: ExistingPolicy

  @Field({ ...flag, description: "Creates domains that aren't there, below the root, or below a domain admin's own." })
  readonly create_domains?: string

  @BracketsField({
    check: checkNames,
    description:
      "Of CSV: what the file calls a column, such as `columns[username]=Login`. Others go by kitter's own names.",
    example: { username: 'Login', 'attributes.team': 'Department' },
  })
  readonly columns?: Readonly<Record<string, unknown>>

  @Field({
    check: checkText({ min: 1, max: 64 }),
    type: String,
    description:
      "Of NDJSON: the dialect whose documents the rows are, as that platform's own API tells them. It goes with `domain`.",
    example: 'kazoo',
  })
  readonly dialect?: string

  @Field({
    check: checkDomainName,
    type: String,
    description: "Where the users of another platform's documents go. It goes with `dialect`.",
    example: 'example.com',
  })
  readonly domain?: string
}

export function policyOf({ dry_run, on_existing, create_domains, ...foreign }: StartImportQuery): Policy {
  const from = foreignRowsOf(foreign)
  return {
    dryRun: dry_run === 'true',
    onExisting: on_existing ?? 'skip',
    createDomains: create_domains === 'true',
    ...(from !== undefined && { from }),
  }
}

function foreignRowsOf({ dialect, domain }: Pick<StartImportQuery, 'dialect' | 'domain'>): ForeignRows | undefined {
  if (dialect === undefined && domain === undefined) return undefined
  if (domain === undefined) throw invalid([{ path: 'domain', problem: 'is missing: dialect goes with it' }])
  if (dialect === undefined) throw invalid([{ path: 'dialect', problem: 'is missing: domain goes with it' }])
  return { dialect, domain: parseDomainName(domain) }
}

export function columnNamesOf({ columns = {} }: StartImportQuery): ColumnNames {
  return namesIn(columns)
}

function namesIn(columns: Readonly<Record<string, unknown>>): ColumnNames {
  const named = Object.entries(columns).flatMap(([column, name]) =>
    typeof name === 'string' ? [[column, name.trim()] as const] : [],
  )
  return Object.fromEntries(named)
}

const count = { type: 'integer', example: 0 } as const

export class RowCountsBody {
  @ApiProperty({ ...count, description: 'Rows of which something has come.' })
  readonly read!: number

  @ApiProperty({ ...count, description: 'Users that were created; of a dry run, that would be.' })
  readonly created!: number

  @ApiProperty({ ...count, description: 'Users that were there and were updated.' })
  readonly updated!: number

  @ApiProperty({ ...count, description: 'Users that were there and were left as they are.' })
  readonly skipped!: number

  @ApiProperty({ ...count, description: 'Rows of which nothing was done; each says why.' })
  readonly refused!: number

  @ApiProperty({ ...count, description: "Rows whose change wasn't answered in time: they are looked at again." })
  readonly unsettled!: number
}

export class BytesBody {
  @ApiProperty({ type: 'integer', description: 'How much of the file has been read.', example: 420_000 })
  readonly read!: number

  @ApiProperty({ type: 'integer', description: 'Its size, unpacked.', example: 1_000_000 })
  readonly total!: number
}

export class ImportBody {
  @ApiProperty({ type: String, format: 'uuid', description: 'The id: a UUID.', example: exampleImport.id })
  readonly id!: string

  @ApiProperty({
    type: String,
    enum: importStates,
    description: "`paused`: it couldn't go on for too long; `last_error` says why, and it can be resumed.",
    example: exampleImport.state,
  })
  readonly state!: ImportState

  @ApiProperty({ type: String, enum: fileFormats, description: 'What the file is.', example: 'csv' })
  readonly format!: FileFormat

  @ApiProperty({ type: Boolean, description: 'Whether nothing is written.', example: false })
  readonly dry_run!: boolean

  @ApiProperty({
    type: String,
    enum: existingPolicies,
    description: 'What becomes of users that are there.',
    example: 'skip',
  })
  readonly on_existing!: ExistingPolicy

  @ApiProperty({ type: Boolean, description: 'Whether missing domains are created.', example: true })
  readonly create_domains!: boolean

  @ApiProperty({
    type: String,
    required: false,
    description: "Whose documents the rows are, if not kitter's.",
    example: 'kazoo',
  })
  readonly dialect?: string

  @ApiProperty({ type: String, required: false, description: 'Where their users go.', example: 'example.com' })
  readonly domain?: string

  @ApiProperty({ type: RowCountsBody, description: 'Rows, by what came of them.' })
  readonly rows!: RowCountsBody

  @ApiProperty({ type: 'integer', description: 'Domains that were created.', example: 3 })
  readonly domains_created!: number

  @ApiProperty({ type: BytesBody, description: 'How far it is.' })
  readonly bytes!: BytesBody

  @ApiProperty({ type: Number, description: 'On the average, while it was worked on.', example: 700 })
  readonly rows_per_second!: number

  @ApiProperty({
    type: 'integer',
    required: false,
    description: 'About how long it will take, once that can be told.',
    example: 8,
  })
  readonly seconds_left?: number

  @ApiProperty({ type: ActorBody, description: 'Who asked for it.' })
  readonly started_by!: ActorBody

  @ApiProperty({ type: String, format: 'date-time', description: 'When.', example: exampleImport.started_at })
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

export class ImportAnswer {
  @ApiProperty({ type: ImportBody, description: 'The import.' })
  readonly import!: ImportBody
}

export class ImportsAnswer extends PageAnswer {
  @ApiProperty({ type: [ImportBody], description: 'One page of imports, newest first.' })
  readonly imports!: readonly ImportBody[]
}

export class ImportRowBody {
  @ApiProperty({
    type: 'integer',
    description: 'Which row, counted from 1 without the header.',
    example: exampleRow.row,
  })
  readonly row!: number

  @ApiProperty({ type: 'integer', description: 'The line of the file where it begins.', example: exampleRow.line })
  readonly line!: number

  @ApiProperty({ type: String, enum: rowOutcomes, description: 'What came of it.', example: exampleRow.outcome })
  readonly outcome!: RowOutcome

  @ApiProperty({
    type: String,
    required: false,
    description: 'Why: one of the codes of errors.',
    example: exampleRow.code,
  })
  readonly code?: string

  @ApiProperty({ type: String, required: false, description: 'Why, in words.', example: exampleRow.sentence })
  readonly sentence?: string

  @ApiProperty({ type: String, required: false, description: 'The username in it, as it is there.', example: 'alice' })
  readonly username?: string
}

export class ImportRowsAnswer extends PageAnswer {
  @ApiProperty({ type: [ImportRowBody], description: 'One page of rows, in the order of the file.' })
  readonly rows!: readonly ImportRowBody[]
}

export class ImportsQuery extends PageQuery {}

export class ImportRowsQuery extends PageQuery {
  @Field({
    check: checkQueryOneOf(...rowOutcomes),
    type: String,
    enum: rowOutcomes,
    description: 'Only those of which this came.',
    example: 'refused',
  })
  readonly outcome?: RowOutcome
}

export function importBodyOf(one: Import): ImportBody {
  const { id, state, format, policy, place, counts, startedBy, startedAt, endedAt, lastError } = one
  const { domains, ...rows } = counts
  const left = secondsLeft(one)
  return {
    id,
    state,
    format,
    dry_run: policy.dryRun,
    on_existing: policy.onExisting,
    create_domains: policy.createDomains,
    ...policy.from,
    rows: { read: place.row, ...rows },
    domains_created: domains,
    bytes: { read: bytesRead(one), total: one.size },
    rows_per_second: one.workedSeconds === 0 ? 0 : Math.round((place.row / one.workedSeconds) * 10) / 10,
    ...(left !== undefined && { seconds_left: left }),
    started_by: { id: startedBy.subject, name: startedBy.name },
    started_at: startedAt.toISOString(),
    ...(endedAt !== undefined && { ended_at: endedAt.toISOString() }),
    ...(lastError !== undefined && { last_error: lastError }),
  }
}

export function rowBodyOf({ row, line, outcome, code, sentence, username }: ImportedRow): ImportRowBody {
  return {
    row,
    line,
    outcome,
    ...(code !== undefined && { code }),
    ...(sentence !== undefined && { sentence }),
    ...(username !== undefined && { username }),
  }
}

/** Blank lines at the end belong to no row. */
function bytesRead({ state, size, place }: Import): number {
  return state === 'done' ? size : place.offset
}

function secondsLeft({ state, size, place, workedSeconds }: Import): number | undefined {
  if (state === 'done' || state === 'cancelled') return 0
  if (place.row === 0 || workedSeconds === 0) return undefined
  return Math.ceil(((size - place.offset) / place.offset) * workedSeconds)
}
