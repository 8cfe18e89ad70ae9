import { StartError } from '#kernel'
import type { Database } from './database.ts'

/** Settings that are part of every login and every domain's place, so that they can't change over existing ones. */
export interface RememberedSettings {
  readonly LOGIN_NAMES: string
  readonly ROOT_DOMAIN: string
}

/** Keeps the settings of the first start, and refuses others once there are users or domains that were made with them. */
export async function rememberSettings(database: Database, settings: RememberedSettings): Promise<void> {
  const rows = await database.rows<{ name: string; value: string }>('SELECT name, value FROM kitter.settings')
  const remembered = new Map(rows.map(({ name, value }) => [name, value]))
  const changes = Object.entries(settings).filter(
    ([name, value]) => remembered.has(name) && remembered.get(name) !== value,
  )
  if (changes.length > 0) await requireUnused(database, remembered, changes)
  await database.transaction(async (queries) => {
    if (changes.length > 0) await queries.rows('DELETE FROM kitter.domains')
    for (const setting of Object.entries(settings)) {
      await queries.rows(
        'INSERT INTO kitter.settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
        ...setting,
      )
    }
  })
}

async function requireUnused(
  database: Database,
  remembered: ReadonlyMap<string, string>,
  changes: readonly (readonly [string, string])[],
): Promise<void> {
  const [used] = await database.rows<{ users: boolean; domains: boolean }>(
    `SELECT EXISTS (SELECT FROM kitter.users) AS users,
      EXISTS (SELECT FROM kitter.domains WHERE name NOT IN ($1, 'anonymous')) AS domains`,
    remembered.get('ROOT_DOMAIN'),
  )
  if (!used?.users && !used?.domains) return
  const said = changes.map(([name, value]) => `${name} is ${value} but was ${remembered.get(name) ?? ''}`)
  throw new StartError(
    `${said.join(', and ')} when the users and domains in this database were made: set it back, or use another database.`,
  )
}
