export {
  type Actor,
  everywhere,
  kitterItself,
  type Origin,
  ownOnly,
  type Role,
  roleMissing,
  roles,
  type Scope,
  scopeOf,
  seesAll,
  type Standing,
} from './actor.ts'
export { canonicalJson } from './canonical-json.ts'
export {
  type Check,
  checkBoolean,
  checkListOf,
  checkNotBlank,
  checkPattern,
  checkText,
  isPlainObject,
  type TextRule,
} from './check.ts'
export { DomainError, type DomainErrorDetails, invalid } from './domain-error.ts'
export type { ErrorKind } from './error-kind.ts'
export { below, type FieldProblem } from './field-problem.ts'
export { isCut } from './is-cut.ts'
export { jsonIn } from './json-in.ts'
export { defaultPage, type Page } from './page.ts'
export { Places } from './places.ts'
export { PlacesOfEach } from './places-of-each.ts'
export {
  databaseFull,
  databaseUnavailable,
  isOutcomeUnknown,
  outcomeUnknown,
  systemRefused,
  systemUnavailable,
} from './service-errors.ts'
export { StartError } from './start-error.ts'
export { textOf } from './text-of.ts'
export type { Transaction } from './transaction.ts'
export { isUuid } from './uuid.ts'
