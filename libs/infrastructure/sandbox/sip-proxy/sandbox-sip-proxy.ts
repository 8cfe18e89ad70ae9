import { Injectable } from '@nestjs/common'
import { SipProxy } from '#core/caller-id'
import type { Queries } from '#infrastructure/postgres'
import { TableName } from '#infrastructure/sip-proxy'
import { SandboxDatabase } from '../database/sandbox-database.ts'
import { SandboxSettings } from '../sandbox-settings.ts'

interface Entry {
  readonly name: string
  readonly value: string
}

/** Stands in for Kamailio, whose memory is the table `sandbox.sip_proxy_htable`. */
@Injectable()
export class SandboxSipProxy extends SipProxy {
  constructor(
    private readonly database: SandboxDatabase,
    private readonly settings: SandboxSettings,
  ) {
    super()
  }

  override reload(htable: string): Promise<void> {
    return this.database.transaction(async (queries) => {
      await queries.rows("SELECT pg_advisory_xact_lock(hashtext('kitter sandbox: htable.reload'))")
      const entries = await this.entries(queries)
      await queries.rows('DELETE FROM sandbox.sip_proxy_htable WHERE htable = $1', htable)
      await queries.rows(
        `INSERT INTO sandbox.sip_proxy_htable (htable, name, value)
        SELECT $1, * FROM unnest($2::text[], $3::text[])`,
        htable,
        entries.map(({ name }) => name),
        entries.map(({ value }) => value),
      )
    })
  }

  /** What calls go by now, as `kamcmd htable.dump` shows it. */
  async dump(htable: string): Promise<ReadonlyMap<string, string>> {
    const sql = 'SELECT name, value FROM sandbox.sip_proxy_htable WHERE htable = $1 ORDER BY name'
    const rows = await this.database.rows<Entry>(sql, htable)
    return new Map(rows.map(({ name, value }) => [name, value]))
  }

  /** As Kamailio loads: in the order of names, so that of several rows of a name the last one counts. */
  private entries(own: Queries): Promise<readonly Entry[]> {
    const { database = own, table = TableName.stock } = this.settings.htable ?? {}
    return database.rows<Entry>(`
      SELECT DISTINCT ON (key_name) key_name AS name, key_value AS value FROM ${table.sql} ORDER BY key_name, id DESC`)
  }
}
