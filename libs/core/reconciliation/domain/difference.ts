export const systems = ['keycloak', 'wac-core', 'kitter'] as const
export type SystemName = (typeof systems)[number]

/** One field as each system has it; a system that doesn't have the field, or the user, isn't named. Plain JSON, never a secret. */
export interface FieldDifference {
  readonly field: string
  readonly values: Readonly<Partial<Record<SystemName, unknown>>>
}

/**
 * What mends a difference: `restore` makes again what is missing, `align` gives the systems the same values, `adopt` makes
 * kitter's own what it never made, `remove` takes away what is left. `none`: what is in the way of nobody and never was
 * kitter's stays as it is.
 */
export const remedies = ['restore', 'align', 'adopt', 'remove', 'none'] as const
export type Remedy = (typeof remedies)[number]

export interface Difference {
  readonly about: 'user' | 'domain'
  /** The user's or domain's id; of what has none in kitter, and never had, its id at wac-core. */
  readonly id: string
  /** The username, or the domain's name, as far as it's known. */
  readonly name: string
  /** Of a user. */
  readonly domain?: string | undefined
  readonly missingIn: readonly SystemName[]
  readonly fields: readonly FieldDifference[]
  readonly remedy: Remedy
}

/**
 * `found`: nobody was asked to mend it, or it is being mended. `left`: mending it wasn't allowed. `refused`: it couldn't be
 * mended, and nothing of that was done; `unsettled`: it is being mended by the operation's recovery.
 */
export const outcomes = ['found', 'mended', 'left', 'refused', 'unsettled'] as const
export type Outcome = (typeof outcomes)[number]

export interface ToldDifference extends Difference {
  readonly outcome: Outcome
  /** Why it was left or refused. */
  readonly reason?: string | undefined
}
