import type { Lab } from './lab.fixture.ts'

type Row = Readonly<Record<string, unknown>>

/** All that is left anywhere of one thing, which is known by a word that nothing else has in it. */
export interface Footprint {
  readonly users: readonly Row[]
  readonly accounts: readonly Row[]
  readonly wacUsers: readonly Row[]
  readonly sipMappings: readonly Row[]
  readonly domains: readonly Row[]
  readonly wacDomains: readonly Row[]
}

const sql = `
  SELECT
    (SELECT coalesce(jsonb_agg(to_jsonb(it) - 'updated_at'), '[]') FROM kitter.users it WHERE it::text LIKE $1) AS users,
    (SELECT coalesce(jsonb_agg(to_jsonb(it) ORDER BY id), '[]') FROM sandbox.accounts it WHERE it::text LIKE $1) AS accounts,
    (SELECT coalesce(jsonb_agg(to_jsonb(it) ORDER BY id), '[]') FROM sandbox.wac_users it WHERE it::text LIKE $1) AS "wacUsers",
    (SELECT coalesce(jsonb_agg(to_jsonb(it) ORDER BY id), '[]') FROM sandbox.wac_sip_mappings it
      WHERE it::text LIKE $1) AS "sipMappings",
    (SELECT coalesce(jsonb_agg(to_jsonb(it) - 'updated_at' ORDER BY id), '[]') FROM kitter.domains it
      WHERE it::text LIKE $1) AS domains,
    (SELECT coalesce(jsonb_agg(to_jsonb(it) ORDER BY id), '[]') FROM sandbox.wac_domains it
      WHERE it::text LIKE $1) AS "wacDomains"`

export async function footprintOf(lab: Lab, word: string): Promise<Footprint> {
  await lab.mirror()
  const [found] = await lab.rows<Footprint>(sql, `%${word}%`)
  if (found === undefined) throw new Error('no answer')
  return found
}

/** How many there are of each. */
export function counted(footprint: Footprint): Readonly<Record<keyof Footprint, number>> {
  const { users, accounts, wacUsers, sipMappings, domains, wacDomains } = footprint
  return {
    users: users.length,
    accounts: accounts.length,
    wacUsers: wacUsers.length,
    sipMappings: sipMappings.length,
    domains: domains.length,
    wacDomains: wacDomains.length,
  }
}
