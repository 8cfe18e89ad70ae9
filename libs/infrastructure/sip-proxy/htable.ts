import type { Database } from '#infrastructure/postgres'
import type { TableName } from './table-name.ts'

/** The table that the sip-proxy reads, and the database that it lies in. */
export interface Htable {
  readonly database: Pick<Database, 'rows' | 'transaction' | 'ping'>
  readonly table: TableName
}
