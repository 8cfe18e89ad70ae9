import type { Lab } from './lab.fixture.ts'

const wacUser = `WHERE document ->> 'externalId' = $1`
/** kitter has the user: then nothing else is needed to know that it's kitter's. */
const isKnown = 'EXISTS (SELECT FROM kitter.users WHERE id::text = $1)'
/** wac-core remembers whose user it is. */
const isLinked = `EXISTS (SELECT FROM sandbox.wac_users ${wacUser})`

/** Never so that only Keycloak has what kitter made: that nobody can tell from what others made. */
const harms: readonly string[] = [
  'DELETE FROM sandbox.accounts WHERE id = $1',
  `WITH mappings AS (
    DELETE FROM sandbox.wac_sip_mappings USING sandbox.wac_users
    WHERE owner_id = wac_users.id AND document ->> 'externalId' = $1 AND ${isKnown} RETURNING owner_id)
  DELETE FROM sandbox.wac_users ${wacUser} AND ${isKnown}`,
  `DELETE FROM kitter.users WHERE id::text = $1 AND ${isLinked}`,
  "UPDATE sandbox.accounts SET first_name = 'Other' WHERE id = $1",
  'UPDATE sandbox.accounts SET enabled = NOT enabled WHERE id = $1',
  "UPDATE sandbox.accounts SET login_name = 'new-' || login_name, login_key = 'new-' || login_key WHERE id = $1",
  "UPDATE sandbox.accounts SET email = 'new-' || email, email_key = 'new-' || email_key WHERE id = $1",
  `UPDATE sandbox.accounts SET attributes = attributes || '{"domain": ["quobis"], "colour": ["red"]}' WHERE id = $1`,
  `UPDATE sandbox.wac_users SET document = document || '{"displayName": "Wrong", "mobilePhone": ["+34 9"]}' ${wacUser}`,
  `UPDATE sandbox.wac_users SET document = document || '{"domain": "quobis"}' ${wacUser}`,
  `UPDATE sandbox.wac_users SET document = document - 'externalId' ${wacUser} AND ${isKnown}`,
  "UPDATE kitter.users SET last_name = 'Old' WHERE id::text = $1",
]

/** Somebody who changes users behind kitter's back, one after the other, whatever else happens to them. */
export class Meddler {
  private readonly removed = new Set<string>()
  private last: Promise<unknown> = Promise.resolve()
  count = 0

  constructor(private readonly lab: Lab) {}

  meddle(name: string, choice: number): Promise<unknown> {
    this.last = this.last.then(() => this.harm(name, choice % harms.length))
    return this.last
  }

  /** Whether it was removed somewhere, so that it may go everywhere. */
  hasRemoved(id: string): boolean {
    return this.removed.has(id)
  }

  private async harm(name: string, which: number): Promise<void> {
    const [found] = await this.lab.rows<{ id: string }>(
      `SELECT id FROM kitter.users WHERE username LIKE '%' || $1 ORDER BY id LIMIT 1`,
      name,
    )
    const sql = harms[which]
    if (found === undefined || sql === undefined) return
    if (which < 3) this.removed.add(found.id)
    this.count++
    // a name that another has by then
    await this.lab.rows(sql, found.id).catch(() => undefined)
  }
}
