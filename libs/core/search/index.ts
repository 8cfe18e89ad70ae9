export { MarkKey } from './application/mark-key.ts'
export { estimatedFrom, type Found, type FoundUser, type Position, UserSearch } from './application/user-search.ts'
export { digitsOf, phoneNumberIn } from './domain/digits.ts'
export {
  type Match,
  type SearchCriteria,
  type SearchTerm,
  type Sort,
  type SortKey,
  type TermKind,
  wordsOf,
} from './domain/search-criteria.ts'
export { searchCrowded, searchTooSlow } from './domain/search-errors.ts'
export type { SearchedField, SearchTarget } from './domain/search-target.ts'
export { SearchModule } from './search.module.ts'
