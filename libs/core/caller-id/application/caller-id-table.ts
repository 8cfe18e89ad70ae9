import type { Page } from '#kernel'
import type { CallerIdEntry } from '../domain/caller-id-entry.ts'

/** Parts of texts, in any case; wildcards are literal. */
export interface EntryFilter {
  readonly nameContains?: string
  readonly valueContains?: string
}

/** The sip-proxy's htable in its database. Changes reach calls only after a reload. */
export abstract class CallerIdTable {
  /** By name; `total` counts all pages. */
  abstract list(
    filter: EntryFilter,
    page: Page,
  ): Promise<{ readonly entries: readonly CallerIdEntry[]; readonly total: number }>
  abstract find(name: string): Promise<CallerIdEntry | undefined>
  /** `caller_id.name_taken` where the name is in use, also when two come at once. */
  abstract add(entry: CallerIdEntry): Promise<void>
  /** Whether there was one. */
  abstract remove(name: string): Promise<boolean>
}
