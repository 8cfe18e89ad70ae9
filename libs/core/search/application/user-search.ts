import type { Scope } from '#kernel'
import type { User } from '#core/users'
import type { SearchCriteria } from '../domain/search-criteria.ts'

/** Where a user stands in the order of a search: what it's sorted by, as text, and its id. */
export interface Position {
  readonly key: string
  readonly id: string
}

export interface FoundUser {
  readonly user: User
  readonly position: Position
}

export interface Found {
  readonly users: readonly FoundUser[]
  /** Of all pages. */
  readonly total: number
  readonly isEstimate: boolean
}

/** Totals below this are exact. */
export const estimatedFrom = 10_000

/** Finds users of the scope by kitter's own rows, in which a change is found as soon as it's made. */
export abstract class UserSearch {
  /** In the order of the criteria's sort, then of the id, from behind a position on. Throws `search.too_slow` and `search.crowded`. */
  abstract find(scope: Scope, criteria: SearchCriteria, limit: number, behind: Position | undefined): Promise<Found>
}
