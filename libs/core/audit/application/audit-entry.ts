import type { Origin } from '#kernel'

/**
 * What came of a change: `done`, all of it; `refused`, nothing of it, and the caller was told so; `undone`, nothing of it is
 * left, which turned out after the caller was gone; `unknown`, nobody knows.
 */
export const auditOutcomes = ['done', 'refused', 'undone', 'unknown'] as const
export type AuditOutcome = (typeof auditOutcomes)[number]

/** Plain JSON for people to read, without any secret. */
export type Told = Readonly<Record<string, unknown>>

/** What a change makes of its subject. */
export interface Change {
  /** Where it's known better than when the change began. */
  readonly subject?: string
  readonly before?: Told
  readonly after?: Told
}

export interface AuditEntry {
  readonly actor: { readonly subject: string; readonly name: string; readonly origin?: Origin }
  /** Such as `user.create`. */
  readonly action: string
  /** The id of what was to be changed; none where it has none, or none yet. */
  readonly subject?: string | undefined
  readonly outcome: AuditOutcome
  /** Of the error, where it was refused. */
  readonly code?: string | undefined
  /** The operation that made the change. */
  readonly operation?: string | undefined
  readonly before?: Told | undefined
  readonly after?: Told | undefined
}

export interface RecordedEntry extends AuditEntry {
  readonly id: string
  readonly at: Date
}
