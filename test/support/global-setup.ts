import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { startEmbeddedPostgres } from '#infrastructure/embedded-postgres'

declare module 'vitest' {
  interface ProvidedContext {
    /** An embedded Postgres for the whole run; each test file makes databases of its own in it. */
    postgresUrl: string
  }
}

export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join(tmpdir(), 'kitter-test-'))
  const postgres = await startEmbeddedPostgres({ dataDir, log: () => undefined })
  project.provide('postgresUrl', postgres.url)
  return async () => {
    await postgres.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
}
