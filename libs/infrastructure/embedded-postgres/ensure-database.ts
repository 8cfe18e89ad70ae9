import { connectWhenReady } from './connect-when-ready.ts'
import type { Postmaster } from './postmaster.ts'

/** Waits until Postgres serves, and makes the database `kitter` if it's absent. False when Postgres doesn't get there. */
export async function ensureDatabase(postmaster: Postmaster, password: string): Promise<boolean> {
  const client = await connectWhenReady(postmaster, password)
  if (client === undefined) return false
  try {
    const { rowCount } = await client.query(`SELECT FROM pg_database WHERE datname = 'kitter'`)
    if (rowCount === 0) await client.query('CREATE DATABASE kitter')
    return true
  } finally {
    await client.end()
  }
}
