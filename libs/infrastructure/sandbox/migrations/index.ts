import { CreateAccounts1790000100001 } from './1790000100001-create-accounts.ts'
import { CreateSessions1790000100002 } from './1790000100002-create-sessions.ts'
import { CreateWacCore1790000100003 } from './1790000100003-create-wac-core.ts'
import { CreateSipProxy1790000100004 } from './1790000100004-create-sip-proxy.ts'

/** In the order in which they run. */
export const sandboxMigrations = [
  CreateAccounts1790000100001,
  CreateSessions1790000100002,
  CreateWacCore1790000100003,
  CreateSipProxy1790000100004,
]
