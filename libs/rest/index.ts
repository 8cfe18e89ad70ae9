export {
  actorOf,
  type AuditedChange,
  auditedChange,
  byOperation,
  Changes,
  ChangesAlsoOwn,
  ChangesPlatform,
  CurrentActor,
  Public,
  Reads,
  ReadsAlsoOwn,
  ReadsPlatform,
  type RequiredAccess,
  requiredAccess,
  setActor,
} from './access.ts'
export { ActorBody } from './actor-body.ts'
export { roleInsufficient, tokenInvalid, tokenMissing } from './access-errors.ts'
export { bearerTokenOf } from './bearer-token.ts'
export { Dialect, type DialectAnswer, type DialectBody, type DialectFailure, type DialectRequest } from './dialect.ts'
export { Dialects } from './dialects.ts'
export { Documented, DocumentedPublicly } from './documented.ts'
export { ErrorBody, errorBodyOf } from './error-body.ts'
export { statusOf } from './error-status.ts'
export { BracketsField, Field, ObjectField } from './field.ts'
export { GivesMuch, givesMuch, type MuchGiven } from './gives-much.ts'
export { historyFilterOf, HistoryQuery } from './history-query.ts'
export { idempotencyKeyInvalid, idempotencyKeyOf } from './idempotency-key.ts'
export { PageAnswer } from './page-answer.ts'
export { pageOf, PageQuery } from './page-query.ts'
export {
  checkQuery,
  checkQueryBoolean,
  checkQueryNumber,
  checkQueryOneOf,
  checkQueryTime,
  timeOf,
} from './query-checks.ts'
export { bodyNotJson, bodyTooLarge, requestMalformed, tooManyAnswers, tooManyBodies } from './request-errors.ts'
export { queryIn } from './query-in.ts'
export { isRepeatable, Repeatable } from './repeatable.ts'
export { requestPath } from './request-path.ts'
export { RequestPipe } from './request-pipe.ts'
export { type BytesTaken, TakesBytes, takesBytes } from './takes-bytes.ts'
export { TakesFile, takesFile } from './takes-file.ts'
