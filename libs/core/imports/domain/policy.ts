import type { DomainName } from '#core/domains'

/** What becomes of a row whose user is there already, in the same domain. */
export const existingPolicies = ['skip', 'update', 'fail'] as const
export type ExistingPolicy = (typeof existingPolicies)[number]

/** Rows that are documents of another platform. Those name no domain of kitter's: all of a file go to one. */
export interface ForeignRows {
  /** Whose they are. */
  readonly dialect: string
  readonly domain: DomainName
}

export interface Policy {
  /** Everything but the writing: says what would come of each row. */
  readonly dryRun: boolean
  readonly onExisting: ExistingPolicy
  /** Whether domains that a row names and that aren't there are created first. */
  readonly createDomains: boolean
  /** Otherwise rows are users as kitter's own API takes them. */
  readonly from?: ForeignRows | undefined
}
