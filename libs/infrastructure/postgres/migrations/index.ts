import { CreateDomainsAndUsers1790000000001 } from './1790000000001-create-domains-and-users.ts'
import { CreateOperations1790000000002 } from './1790000000002-create-operations.ts'

/** In the order in which they run. */
export const migrations = [CreateDomainsAndUsers1790000000001, CreateOperations1790000000002]
