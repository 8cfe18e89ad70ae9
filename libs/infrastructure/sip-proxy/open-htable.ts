import { StartError } from '#kernel'
import { connectDatabase, type Database } from '#infrastructure/postgres'
import { ensureHtable } from './ensure-htable.ts'
import type { Htable } from './htable.ts'
import { TableName } from './table-name.ts'

export interface HtableSettings {
  /** `HTABLE_DATABASE_URL`; without one the table lies in kitter's own database. */
  readonly url?: string | undefined
  /** `HTABLE_TABLE`; Kamailio's stock table without one. */
  readonly table?: string | undefined
  /** `CALLER_ID_ENABLED`: whether anybody will look for the table. */
  readonly needed: boolean
}

/**
 * The sip-proxy's table. In kitter's own database it's made where it's needed and absent; in another one nothing is
 * changed, and nobody connects to it before it's needed. What is opened here is closed with the resources.
 */
export async function openHtable(
  { url, table: name = 'htable', needed }: HtableSettings,
  own: Database,
  resources: AsyncDisposableStack,
): Promise<Htable> {
  const table = TableName.parse(name)
  if (table === undefined) throw new StartError('HTABLE_TABLE must be the name of a table, or schema.table.')
  if (url === undefined) {
    const htable = { database: own, table }
    if (needed) await ensureHtable(htable)
    return htable
  }
  const database = connectDatabase({ url, name: "The sip-proxy's database", purpose: 'htable' })
  resources.defer(() => database.close())
  return { database, table }
}
