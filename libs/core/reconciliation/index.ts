export {
  type NewReconciliation,
  Reconciliations,
  type Shift,
  ShiftOver,
  type TakenReconciliation,
} from './application/reconciliations.ts'
export { type Missing, Staging, type Suspect } from './application/staging.ts'
export {
  type Difference,
  type FieldDifference,
  type Outcome,
  outcomes,
  remedies,
  type Remedy,
  systems,
  type SystemName,
  type ToldDifference,
} from './domain/difference.ts'
export type { Policy } from './domain/policy.ts'
export {
  type Counts,
  nothingCounted,
  type Phase,
  phases,
  type Reconciliation,
  reconciliationStates,
  type ReconciliationState,
} from './domain/reconciliation.ts'
export { reconciliationEnded, reconciliationRunning, unknownReconciliation } from './domain/reconciliation-errors.ts'
export { ChangeFollower } from './application/change-follower.ts'
export { type Followed, FollowedChanges } from './application/followed-changes.ts'
export { ReconciliationPace, type ReconciliationTimes } from './application/reconciliation-pace.ts'
export { Reconciler } from './application/reconciler.ts'
export { ReconciliationModule } from './reconciliation.module.ts'
