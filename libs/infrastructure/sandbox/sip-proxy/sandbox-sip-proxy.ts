import { Injectable } from '@nestjs/common'
import { SipProxy } from '#core/caller-id'
import { SandboxDatabase } from '../database/sandbox-database.ts'

/** Stands in for Kamailio, whose memory is the table `sandbox.sip_proxy_htable`. */
@Injectable()
export class SandboxSipProxy extends SipProxy {
  constructor(private readonly database: SandboxDatabase) {
    super()
  }

  /** As Kamailio loads: in the order of names, so that of several rows of a name the last one counts. */
  override reload(htable: string): Promise<void> {
    return this.database.transaction(async (queries) => {
      await queries.rows("SELECT pg_advisory_xact_lock(hashtext('kitter sandbox: htable.reload'))")
      await queries.rows('DELETE FROM sandbox.sip_proxy_htable WHERE htable = $1', htable)
      await queries.rows(
        `INSERT INTO sandbox.sip_proxy_htable (htable, name, value)
        SELECT DISTINCT ON (key_name) $1, key_name, key_value FROM public.htable ORDER BY key_name, id DESC`,
        htable,
      )
    })
  }

  /** What calls go by now, as `kamcmd htable.dump` shows it. */
  async dump(htable: string): Promise<ReadonlyMap<string, string>> {
    const sql = 'SELECT name, value FROM sandbox.sip_proxy_htable WHERE htable = $1 ORDER BY name'
    const rows = await this.database.rows<{ readonly name: string; readonly value: string }>(sql, htable)
    return new Map(rows.map(({ name, value }) => [name, value]))
  }
}
