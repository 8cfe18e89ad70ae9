import { type DynamicModule, Global, Module } from '@nestjs/common'
import { AuditTrail } from '#core/audit'
import { DomainRecords } from '#core/domains'
import { IdempotencyKeys } from '#core/idempotency'
import { ImportFiles, Imports, ImportShifts } from '#core/imports'
import { OperationRecords, Operations } from '#core/provisioning'
import { FollowedChanges, Reconciliations, Staging } from '#core/reconciliation'
import { MarkKey, UserSearch } from '#core/search'
import { DomainMembers } from '#core/sessions'
import { DigestHashing, SignInDigestRecords, UserExtensions, UserRecords } from '#core/users'
import { AuditRetention } from './audit-retention.ts'
import { ComparisonSlice } from './comparison-slice.ts'
import { Database } from './database.ts'
import { IdempotencyLease } from './idempotency-lease.ts'
import { ImportLease } from './import-lease.ts'
import { JournalLease } from './journal-lease.ts'
import { PostgresAuditTrail } from './postgres-audit-trail.ts'
import { PostgresDigestHashing } from './postgres-digest-hashing.ts'
import { PostgresDomainMembers } from './postgres-domain-members.ts'
import { PostgresDomainRecords } from './postgres-domain-records.ts'
import { PostgresFollowedChanges } from './postgres-followed-changes.ts'
import { PostgresIdempotencyKeys } from './postgres-idempotency-keys.ts'
import { PostgresMarkKey } from './postgres-mark-key.ts'
import { PostgresImportFiles } from './postgres-import-files.ts'
import { PostgresImportShifts } from './postgres-import-shifts.ts'
import { PostgresImports } from './postgres-imports.ts'
import { PostgresOperationRecords } from './postgres-operation-records.ts'
import { PostgresOperations } from './postgres-operations.ts'
import { PostgresReconciliations } from './postgres-reconciliations.ts'
import { PostgresSignInDigestRecords } from './postgres-sign-in-digest-records.ts'
import { PostgresStaging } from './postgres-staging.ts'
import { PostgresUserExtensions } from './postgres-user-extensions.ts'
import { PostgresUserRecords } from './postgres-user-records.ts'
import { PostgresUserSearch } from './postgres-user-search.ts'
import { ReconciliationLease } from './reconciliation-lease.ts'
import { SearchLimits } from './search-limits.ts'

const adapters = [
  { provide: DomainRecords, useClass: PostgresDomainRecords },
  { provide: UserRecords, useClass: PostgresUserRecords },
  { provide: UserExtensions, useClass: PostgresUserExtensions },
  { provide: SignInDigestRecords, useClass: PostgresSignInDigestRecords },
  {
    provide: DigestHashing,
    useFactory: (database: Database) => new PostgresDigestHashing(database),
    inject: [Database],
  },
  { provide: Operations, useClass: PostgresOperations },
  { provide: OperationRecords, useClass: PostgresOperationRecords },
  { provide: AuditTrail, useClass: PostgresAuditTrail },
  { provide: IdempotencyKeys, useClass: PostgresIdempotencyKeys },
  { provide: DomainMembers, useClass: PostgresDomainMembers },
  { provide: Reconciliations, useClass: PostgresReconciliations },
  { provide: Staging, useClass: PostgresStaging },
  { provide: Imports, useClass: PostgresImports },
  { provide: ImportFiles, useClass: PostgresImportFiles },
  { provide: ImportShifts, useClass: PostgresImportShifts },
  { provide: FollowedChanges, useClass: PostgresFollowedChanges },
  { provide: UserSearch, useClass: PostgresUserSearch },
  { provide: MarkKey, useClass: PostgresMarkKey },
]

/** kitter's own tables, for the ports that are answered from them. Whoever opened the database closes it. */
@Global()
@Module({})
export class PostgresModule {
  static over(
    database: Database,
    lease = new JournalLease(),
    keyLease = new IdempotencyLease(),
    retention = new AuditRetention(),
    reconciliationLease = new ReconciliationLease(),
    importLease = new ImportLease(),
  ): DynamicModule {
    return {
      module: PostgresModule,
      providers: [
        { provide: Database, useValue: database },
        { provide: JournalLease, useValue: lease },
        { provide: IdempotencyLease, useValue: keyLease },
        { provide: AuditRetention, useValue: retention },
        { provide: ReconciliationLease, useValue: reconciliationLease },
        { provide: ImportLease, useValue: importLease },
        { provide: ComparisonSlice, useValue: new ComparisonSlice() },
        { provide: SearchLimits, useValue: new SearchLimits() },
        ...adapters,
      ],
      // dialects have tables of their own, and lists that are answered in SQL
      exports: [Database, ...adapters.map(({ provide }) => provide)],
    }
  }
}
