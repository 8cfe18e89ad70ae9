import { outcomeUnknown, systemUnavailable } from '#kernel'
import { Database } from './database.ts'
import { dataSource } from './data-source.ts'

export interface ForeignDatabase {
  readonly url: string
  /** What kitter calls it towards those who miss it, such as "The sip-proxy's database". */
  readonly name: string
  /** What it's for, in the name under which the server knows kitter's connections. */
  readonly purpose: string
}

/** Somebody else's database, whose schema is none of kitter's business. It's connected to when it's first needed. */
export function connectDatabase({ url, name, purpose }: ForeignDatabase): Database {
  return new Database(dataSource({ url, schema: purpose, migrations: [] }), {
    unreachable: (cause) => systemUnavailable(name, cause),
    lost: (cause) => outcomeUnknown(name, cause),
    full: (cause) => systemUnavailable(name, cause),
  })
}
