import { Field } from './field.ts'
import { PageQuery } from './page-query.ts'
import { checkQuery, checkQueryTime, timeOf } from './query-checks.ts'

/** `subject` and `since` of a list of what happened. */
export class HistoryQuery extends PageQuery {
  @Field({
    check: checkQuery,
    type: String,
    description: 'Only what happened to what has exactly this id.',
    example: '550e8400-e29b-41d4-a716-446655440000',
  })
  readonly subject?: string

  @Field({
    check: checkQueryTime,
    type: String,
    format: 'date-time',
    description: 'Only what happened, or began, at this time or later, in ISO 8601.',
    example: '2026-10-12T10:00:00Z',
  })
  readonly since?: string
}

export function historyFilterOf({ subject, since }: HistoryQuery): {
  readonly subject?: string
  readonly since?: Date
} {
  return { ...(subject !== undefined && { subject }), ...(since !== undefined && { since: timeOf(since) }) }
}
