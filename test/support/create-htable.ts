import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'

const folders = ['/usr/share/kamailio/postgres', '/usr/local/share/kamailio/postgres']

/** Kamailio's stock table, made by the statements that Kamailio comes with. */
export async function createHtable(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    for (const file of ['standard-create.sql', 'htable-create.sql']) await client.query(await stockSql(file))
  } finally {
    await client.end()
  }
}

async function stockSql(file: string): Promise<string> {
  for (const folder of folders) {
    const text = await readFile(join(folder, file), 'utf8').catch(() => undefined)
    if (text !== undefined) return text
  }
  throw new Error(`Kamailio's ${file} is in none of ${folders.join(', ')}.`)
}
