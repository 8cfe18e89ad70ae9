import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger'
import { checkQuery, checkQueryTime, Field, PageQuery, timeOf } from '#rest'
import { type AuditOutcome, auditOutcomes, type RecordedEntry } from '../application/audit-entry.ts'
import type { AuditFilter } from '../application/audit-trail.ts'
import { exampleEntry } from './audit-documentation.ts'

export class AuditActorBody {
  @ApiProperty({
    type: String,
    description: "The `sub` of the token, or `kitter` for kitter's own.",
    example: exampleEntry.actor.id,
  })
  readonly id!: string

  @ApiProperty({
    type: String,
    description: 'The name to log in with, at that time.',
    example: exampleEntry.actor.name,
  })
  readonly name!: string
}

export class AuditOriginBody {
  @ApiProperty({
    type: String,
    description: "The caller's address; behind a proxy, what a trusted one says.",
    example: exampleEntry.origin.address,
  })
  readonly address!: string

  @ApiProperty({
    type: String,
    description: 'The `x-request-id`, under which the log has the request.',
    example: exampleEntry.origin.request_id,
  })
  readonly request_id!: string
}

const told = { type: 'object', additionalProperties: true } as const

export class AuditEntryBody {
  @ApiProperty({ type: String, description: 'The id of the entry.', example: exampleEntry.id })
  readonly id!: string

  @ApiProperty({
    type: String,
    format: 'date-time',
    description: 'When the outcome was known.',
    example: exampleEntry.at,
  })
  readonly at!: string

  @ApiProperty({ type: AuditActorBody, description: 'Who asked for it.' })
  readonly actor!: AuditActorBody

  @ApiProperty({ type: AuditOriginBody, required: false, description: 'From where.' })
  readonly origin?: AuditOriginBody

  @ApiProperty({ type: String, description: 'What was to be done.', example: exampleEntry.action })
  readonly action!: string

  @ApiProperty({
    type: String,
    required: false,
    description: 'The id of the user, domain or operation, or the name of the caller-ID entry.',
    example: exampleEntry.subject,
  })
  readonly subject?: string

  @ApiProperty({
    type: String,
    enum: auditOutcomes,
    description:
      '`done`: all of it. `refused`: nothing of it, and the caller was told. `undone`: nothing of it is left, as turned out ' +
      'after the caller was gone. `unknown`: another system did not say.',
    example: exampleEntry.outcome,
  })
  readonly outcome!: AuditOutcome

  @ApiProperty({
    type: String,
    required: false,
    description: 'The code of the error, where it was refused.',
    example: 'user.name_taken',
  })
  readonly code?: string

  @ApiProperty({
    type: String,
    format: 'uuid',
    required: false,
    description: 'The operation that made the change.',
    example: exampleEntry.operation,
  })
  readonly operation?: string

  @ApiPropertyOptional({
    ...told,
    description: 'What it was: of an update the fields that have changed. Never a secret.',
    example: exampleEntry.before,
  })
  readonly before?: Readonly<Record<string, unknown>>

  @ApiPropertyOptional({
    ...told,
    description: 'What it is, or what came of it. Never a secret.',
    example: exampleEntry.after,
  })
  readonly after?: Readonly<Record<string, unknown>>
}

export class AuditAnswer {
  @ApiProperty({ type: [AuditEntryBody], description: 'One page of entries, newest first.' })
  readonly entries!: readonly AuditEntryBody[]

  @ApiProperty({ type: 'integer', description: 'How many entries there are on all pages.', example: 1 })
  readonly total!: number
}

export class AuditQuery extends PageQuery {
  @Field({
    check: checkQuery,
    type: String,
    description: 'Only what the one with exactly this id or name did.',
    example: 'jane',
  })
  readonly actor?: string

  @Field({
    check: checkQuery,
    type: String,
    description: 'Only changes of what has exactly this id.',
    example: '550e8400-e29b-41d4-a716-446655440000',
  })
  readonly subject?: string

  @Field({
    check: checkQueryTime,
    type: String,
    format: 'date-time',
    description: 'Only entries from this time on, in ISO 8601.',
    example: '2026-10-12T10:00:00Z',
  })
  readonly since?: string
}

export function auditFilterOf({ actor, subject, since }: AuditQuery): AuditFilter {
  return {
    ...(actor !== undefined && { actor }),
    ...(subject !== undefined && { subject }),
    ...(since !== undefined && { since: timeOf(since) }),
  }
}

export function entryBodyOf(entry: RecordedEntry): AuditEntryBody {
  const { id, at, actor, action, subject, outcome, code, operation, before, after } = entry
  return {
    id,
    at: at.toISOString(),
    actor: { id: actor.subject, name: actor.name },
    ...(actor.origin !== undefined && {
      origin: { address: actor.origin.address, request_id: actor.origin.requestId },
    }),
    action,
    ...(subject !== undefined && { subject }),
    outcome,
    ...(code !== undefined && { code }),
    ...(operation !== undefined && { operation }),
    ...(before !== undefined && { before }),
    ...(after !== undefined && { after }),
  }
}
