import type { Page } from '#kernel'
import type { AuditEntry, RecordedEntry } from './audit-entry.ts'

export interface AuditFilter {
  /** The id of whoever did it, or the name. */
  readonly actor?: string
  readonly subject?: string
  readonly since?: Date
  /** Only what this actor did, by id. */
  readonly doneBy?: string
}

/**
 * Who changed what. What is in it stays as it is for as long as was promised when it came in: the storage itself refuses to
 * change or remove it. Operations write their entries themselves, together with their outcome.
 */
export abstract class AuditTrail {
  abstract add(entry: AuditEntry): Promise<void>

  /** Newest first, and how many there are on all pages. */
  abstract list(
    filter: AuditFilter,
    page: Page,
  ): Promise<{ readonly entries: readonly RecordedEntry[]; readonly total: number }>

  /** Removes some of those that have been kept for long enough. How many. */
  abstract forgetSome(): Promise<number>
}
