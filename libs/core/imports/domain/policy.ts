/** What becomes of a row whose user is there already, in the same domain. */
export const existingPolicies = ['skip', 'update', 'fail'] as const
export type ExistingPolicy = (typeof existingPolicies)[number]

export interface Policy {
  /** Everything but the writing: says what would come of each row. */
  readonly dryRun: boolean
  readonly onExisting: ExistingPolicy
  /** Whether domains that a row names and that aren't there are created first. */
  readonly createDomains: boolean
}
