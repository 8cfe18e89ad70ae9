import { CreateDomainsAndUsers1790000000001 } from './1790000000001-create-domains-and-users.ts'
import { CreateOperations1790000000002 } from './1790000000002-create-operations.ts'
import { JournalSteps1790000000004 } from './1790000000004-journal-steps.ts'
import { CreateIdempotencyKeys1790000000005 } from './1790000000005-create-idempotency-keys.ts'
import { CreateAuditTrail1790000000006 } from './1790000000006-create-audit-trail.ts'
import { CreateReconciliations1790000000007 } from './1790000000007-create-reconciliations.ts'
import { CreateUserSearch1790000000008 } from './1790000000008-create-user-search.ts'
import { CreateImports1790000000009 } from './1790000000009-create-imports.ts'
import { CreateUserExtensions1790000000010 } from './1790000000010-create-user-extensions.ts'

/** In the order in which they run. */
export const migrations = [
  CreateDomainsAndUsers1790000000001,
  CreateOperations1790000000002,
  JournalSteps1790000000004,
  CreateIdempotencyKeys1790000000005,
  CreateAuditTrail1790000000006,
  CreateReconciliations1790000000007,
  CreateUserSearch1790000000008,
  CreateImports1790000000009,
  CreateUserExtensions1790000000010,
]
