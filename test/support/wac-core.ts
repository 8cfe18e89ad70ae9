import { randomUUID } from 'node:crypto'
import { type RunningWacCoreSandbox, startWacCoreSandbox } from '../../apps/wac-core-sandbox/start-wac-core-sandbox.ts'
import { createTestDatabase } from './test-database.ts'

export interface TestWacCore extends RunningWacCoreSandbox {
  readonly token: string
  readonly databaseUrl: string
  /** What somebody else does at wac-core: the JSON of the answer, which has to be a success. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into it freely
  call(method: string, path: string, body?: unknown): Promise<any>
}

/** A wac-core of its own: a server of the service API with its own database, on a free port, in this process. */
export async function startTestWacCore(): Promise<TestWacCore> {
  const token = randomUUID()
  const database = await createTestDatabase()
  const sandbox = await startWacCoreSandbox({ databaseUrl: database.url, token, port: 0 })
  const stop = async (): Promise<void> => {
    await sandbox.stop()
    await database.drop()
  }
  const call = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${sandbox.url}/${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
    return text === '' ? undefined : JSON.parse(text)
  }
  return { ...sandbox, token, databaseUrl: database.url, call, stop }
}
