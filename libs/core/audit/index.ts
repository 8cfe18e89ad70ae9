export {
  type AuditEntry,
  type AuditOutcome,
  auditOutcomes,
  type Change,
  type RecordedEntry,
  type Told,
} from './application/audit-entry.ts'
export { type AuditFilter, AuditTrail } from './application/audit-trail.ts'
export { differences } from './application/differences.ts'
export { AuditModule } from './audit.module.ts'
