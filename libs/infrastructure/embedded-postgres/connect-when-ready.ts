import { Client, DatabaseError } from 'pg'
import type { Postmaster } from './postmaster.ts'
import { waitUntil } from './wait-until.ts'

const longestStart = 60_000

/**
 * Connects as soon as Postgres lets anybody in. Nothing when it has ended, or doesn't get there. Not by trying the port:
 * until Postgres says that it listens there, the one who answers may be a stranger.
 */
export async function connectWhenReady(postmaster: Postmaster, password: string): Promise<Client | undefined> {
  await waitUntil(async () => !postmaster.isRunning() || (await postmaster.isReady()), longestStart)
  return (await postmaster.isReady()) ? connect(postmaster.port, password) : undefined
}

/** All is said here: what isn't, the driver takes from kitter's environment (`PGSSLMODE`). */
async function connect(port: number, password: string): Promise<Client | undefined> {
  const connection = { host: '127.0.0.1', port, user: 'kitter', password, database: 'postgres', ssl: false }
  const client = new Client({ ...connection, connectionTimeoutMillis: 10_000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return client
  } catch (error) {
    if (error instanceof DatabaseError) throw error
    return undefined
  }
}
