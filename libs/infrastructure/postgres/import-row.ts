import type { Actor } from '#kernel'
import type { Counts, FileFormat, Import, ImportState, Policy } from '#core/imports'

/** An import as its table has it. Postgres gives bigints as texts. */
export interface ImportRow {
  readonly id: string
  readonly format: FileFormat
  readonly policy: Policy
  readonly columns: readonly (string | null)[]
  readonly started_by: Actor
  readonly state: ImportState
  readonly size: string
  readonly at_offset: string
  readonly at_line: string
  readonly at_row: string
  readonly counts: Counts
  readonly worked_seconds: number
  readonly started_at: Date
  readonly ended_at: Date | null
  readonly last_error: string | null
}

export const importColumns = `
  id, format, policy, columns, started_by, state, size, at_offset, at_line, at_row, counts, worked_seconds, started_at, ended_at,
  last_error`

export function importOf(row: ImportRow): Import {
  return {
    id: row.id,
    format: row.format,
    policy: row.policy,
    columns: row.columns.map((column) => column ?? undefined),
    startedBy: row.started_by,
    state: row.state,
    place: { offset: Number(row.at_offset), line: Number(row.at_line), row: Number(row.at_row) },
    size: Number(row.size),
    counts: row.counts,
    workedSeconds: row.worked_seconds,
    startedAt: row.started_at,
    endedAt: row.ended_at ?? undefined,
    lastError: row.last_error ?? undefined,
  }
}
