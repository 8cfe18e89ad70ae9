import type { DatabaseLook } from './database-look.fixture.ts'

/** Changes of domains that wac-core itself would refuse, and a backup that comes back doesn't. */
export class DomainsAtWacCore {
  constructor(private readonly look: DatabaseLook) {}

  async change(name: string, change: object): Promise<void> {
    const sql = 'UPDATE sandbox.wac_domains SET document = document || $2 WHERE domain = $1'
    await this.overwrite(sql, name, JSON.stringify(change))
  }

  async remove(...names: readonly string[]): Promise<void> {
    await this.overwrite('DELETE FROM sandbox.wac_domains WHERE domain = ANY ($1)', names)
  }

  async add(id: string, domain: string, parent: string | null = 'quobis'): Promise<void> {
    const sql = `
      INSERT INTO sandbox.wac_domains (id, document)
      SELECT $1, document || $2 FROM sandbox.wac_domains WHERE domain = 'anonymous'`
    await this.look.rows(sql, id, JSON.stringify({ domain, parent }))
  }

  /** Also where its users and subdomains name it. */
  async rename(from: string, to: string): Promise<void> {
    await this.change(from, { domain: to })
    const renamed = { domain: JSON.stringify({ domain: to }), parent: JSON.stringify({ parent: to }) }
    await this.overwrite(
      'UPDATE sandbox.wac_users SET document = document || $2 WHERE domain = $1',
      from,
      renamed.domain,
    )
    const sql = "UPDATE sandbox.wac_domains SET document = document || $2 WHERE document ->> 'parent' = $1"
    await this.overwrite(sql, from, renamed.parent)
  }

  async idOf(name: string): Promise<string | undefined> {
    const [row] = await this.look.rows('SELECT id FROM sandbox.wac_domains WHERE domain = $1', name)
    return row && String(row['id'])
  }

  private async overwrite(sql: string, ...parameters: readonly unknown[]): Promise<void> {
    await this.look.rows('SET session_replication_role = replica')
    await this.look.rows(sql, ...parameters)
    await this.look.rows('SET session_replication_role = DEFAULT')
  }
}
