import type { SearchTarget } from './search-target.ts'

export const termKinds = ['starts_with', 'contains', 'equals'] as const
export type TermKind = (typeof termKinds)[number]

/** Of an attribute with several values, one has to match. */
export interface SearchTerm {
  readonly kind: TermKind
  readonly target: SearchTarget
  readonly value: string
}

/** `folded`: without regard to case and accents. `exact`: with regard to them. Phone numbers are compared by their digits either way. */
export const matches = ['folded', 'exact'] as const
export type Match = (typeof matches)[number]

/** What an index has in order; `last_name` is the last name, then the first. */
export const sortKeys = ['username', 'last_name', 'created_at'] as const
export type SortKey = (typeof sortKeys)[number]

export interface Sort {
  readonly key: SortKey
  readonly descending: boolean
}

/** What is looked for: all of it together. Texts are literal, wildcards included. */
export interface SearchCriteria {
  /** Each somewhere in the names, the email address or the phone number. */
  readonly quick?: string
  /** Exactly this domain, without those below it. */
  readonly domain?: string
  readonly terms: readonly SearchTerm[]
  readonly match: Match
  readonly sort: Sort
}

export const sorts = sortKeys.flatMap((key) => [key, `-${key}`])

/** `-username` is the username, backwards. */
export function sortNamed(name: string): Sort | undefined {
  const descending = name.startsWith('-')
  const key = sortKeys.find((known) => known === (descending ? name.slice(1) : name))
  return key && { key, descending }
}

export function wordsOf(quick: string): readonly string[] {
  return quick.split(/\s+/u).filter((word) => word !== '')
}
