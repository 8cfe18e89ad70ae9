import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '#infrastructure/embedded-postgres'

declare module 'vitest' {
  interface ProvidedContext {
    /** An embedded Postgres for the whole run; each test file makes databases of its own in it. */
    postgresUrl: string
  }
}

/** Files of tests run beside each other, and each replica has pools of its own. */
const mostConnections = 400

export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join(tmpdir(), 'kitter-test-'))
  const postgres = await startRoomyPostgres(dataDir)
  project.provide('postgresUrl', postgres.url)
  return async () => {
    await postgres.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
}

/** The setting takes a restart. */
async function startRoomyPostgres(dataDir: string): Promise<EmbeddedPostgres> {
  const first = await startEmbeddedPostgres({ dataDir, log: () => undefined })
  const client = new pg.Client({ connectionString: first.url })
  await client.connect()
  await client.query(`ALTER SYSTEM SET max_connections = ${mostConnections}`)
  await client.end()
  await first.stop()
  return startEmbeddedPostgres({ dataDir, log: () => undefined })
}
