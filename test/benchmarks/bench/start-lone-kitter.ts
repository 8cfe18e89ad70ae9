import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { embeddedUrl } from '../../e2e/postgres.fixture.ts'
import { startBuiltKitter } from './start-built-kitter.ts'

export interface LoneKitter {
  readonly url: string
  readonly pid: number
  readonly token: string
  readonly databaseUrl: string
}

/** A kitter that needs nobody else: on the sandbox, and with the Postgres that it brings along. */
export async function startLoneKitter(resources: AsyncDisposableStack): Promise<LoneKitter> {
  const folder = await mkdtemp(join(tmpdir(), 'kitter-bench-'))
  resources.defer(() => rm(folder, { recursive: true, force: true }))
  const started = await startBuiltKitter({ folder }, resources)
  const token = (await readFile(join(folder, 'admin-token'), 'utf8')).trim()
  return { ...started, token, databaseUrl: await embeddedUrl(folder) }
}
