export { type Claim, covers, exclusive, shared, takes } from './application/claim.ts'
export { goneEither } from './application/gone-either.ts'
export { madeOrFound } from './application/made-or-found.ts'
export type { Journalled, OperationKind, Settling, Step } from './application/operation-kind.ts'
export { OperationKinds } from './application/operation-kinds.ts'
export type { OperationPlan, PreparedOperation } from './application/operation-plan.ts'
export {
  lookKind,
  type OperationEntry,
  Operations,
  type Postponed,
  type Progress,
  type Recalled,
  type StepRecord,
  type Success,
  type Turn,
  TurnOver,
  type Unsettled,
} from './application/operations.ts'
export {
  type OperationFilter,
  OperationRecords,
  type OperationReport,
  type OperationState,
  operationStates,
  type UnsettledState,
} from './application/operation-records.ts'
export { type OperationOutcome, OperationsMeter } from './application/operations-meter.ts'
export { OperationsKept } from './application/operations-kept.ts'
export { type Held, Provisioning } from './application/provisioning.ts'
export { operationInProgress, operationUnfinished } from './application/provisioning-errors.ts'
export { Recovery } from './application/recovery.ts'
export { type Pace, RecoveryPace } from './application/recovery-pace.ts'
export { RepeatableRequest } from './application/repeatable-request.ts'
export { OperationsModule } from './operations.module.ts'
export { ProvisioningModule } from './provisioning.module.ts'
