import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger'
import { ActorBody, checkQuery, Field, historyFilterOf, HistoryQuery, PageAnswer } from '#rest'
import { type AuditOutcome, auditOutcomes, type RecordedEntry } from '../application/audit-entry.ts'
import type { AuditFilter } from '../application/audit-trail.ts'
import { exampleEntry } from './audit-documentation.ts'

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

  @ApiProperty({ type: ActorBody, description: 'Who asked for it.' })
  readonly actor!: ActorBody

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

export class AuditAnswer extends PageAnswer {
  @ApiProperty({ type: [AuditEntryBody], description: 'One page of entries, newest first.' })
  readonly entries!: readonly AuditEntryBody[]
}

export class AuditQuery extends HistoryQuery {
  @Field({
    check: checkQuery,
    type: String,
    description: 'Only what the one with exactly this id or name did.',
    example: 'jane',
  })
  readonly actor?: string
}

export function auditFilterOf({ actor, ...history }: AuditQuery): AuditFilter {
  return { ...(actor !== undefined && { actor }), ...historyFilterOf(history) }
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
