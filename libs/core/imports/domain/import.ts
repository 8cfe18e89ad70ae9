import type { Actor } from '#kernel'
import type { FileFormat } from './file-format.ts'
import type { Policy } from './policy.ts'

/**
 * `paused`: it could not go on for too long, `lastError` says why, and goes on when somebody resumes it. `cancelled` is said at
 * once, and its work ends soon after.
 */
export const importStates = ['running', 'paused', 'done', 'cancelled'] as const
export type ImportState = (typeof importStates)[number]

/** What came of a row. `unsettled`: its change was not answered in time, and the row is looked at again until that is settled. */
export const rowOutcomes = ['created', 'updated', 'skipped', 'refused', 'unsettled'] as const
export type RowOutcome = (typeof rowOutcomes)[number]

/** Rows by what came of them. */
export type Counts = Readonly<Record<RowOutcome | 'domains', number>>

export const nothingCounted: Counts = { created: 0, updated: 0, skipped: 0, refused: 0, unsettled: 0, domains: 0 }

/** How far an import is: behind rows of which something has come. */
export interface Place {
  /** Bytes of the unpacked file. */
  readonly offset: number
  /** The line there, counted from 1. */
  readonly line: number
  /** How many rows lie before. */
  readonly row: number
}

/** The users of one file on their way into kitter. */
export interface Import {
  readonly id: string
  readonly format: FileFormat
  readonly policy: Policy
  /** Of CSV what its columns mean, by their place; nothing for a column that is ignored. */
  readonly columns: readonly (string | undefined)[]
  readonly startedBy: Actor
  readonly state: ImportState
  readonly place: Place
  /** In bytes, unpacked. */
  readonly size: number
  readonly counts: Counts
  /** How long somebody has worked on it. */
  readonly workedSeconds: number
  readonly startedAt: Date
  readonly endedAt?: Date | undefined
  /** What last kept it from going on. */
  readonly lastError?: string | undefined
}

/** A row of the file, and what came of it. Never its values but the name, which finds it again. */
export interface ImportedRow {
  /** Counted from 1, without the header. */
  readonly row: number
  /** Where it begins in the file. */
  readonly line: number
  readonly outcome: RowOutcome
  /** Why it was refused, or isn't settled. */
  readonly code?: string | undefined
  readonly sentence?: string | undefined
  readonly username?: string | undefined
}
