export {
  actorOf,
  type AuditedChange,
  auditedChange,
  byOperation,
  Changes,
  ChangesPlatform,
  CurrentActor,
  Public,
  Reads,
  ReadsPlatform,
  type RequiredAccess,
  requiredAccess,
  setActor,
} from './access.ts'
export { ActorBody } from './actor-body.ts'
export { roleInsufficient, roleMissing, tokenInvalid, tokenMissing } from './access-errors.ts'
export { Documented, DocumentedPublicly } from './documented.ts'
export { ErrorBody, errorBodyOf } from './error-body.ts'
export { statusOf } from './error-status.ts'
export { BracketsField, Field, ObjectField } from './field.ts'
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
export { bodyNotJson, bodyTooLarge, requestMalformed } from './request-errors.ts'
export { RequestPipe } from './request-pipe.ts'
export { TakesFile, takesFile } from './takes-file.ts'
