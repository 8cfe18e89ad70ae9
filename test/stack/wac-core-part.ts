import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { freePort } from '#infrastructure/embedded-postgres'
import { until } from '../e2e/until.fixture.ts'
import type { Contribution } from './contribution.ts'
import type { Databases } from './databases.ts'
import type { Say } from './say.ts'

const program = join(import.meta.dirname, '../../dist/apps/wac-core-sandbox/main.js')

/** The stand-in for wac-core, as a server. */
export async function startWacCorePart(
  databases: Databases,
  resources: AsyncDisposableStack,
  say: Say,
): Promise<Contribution> {
  const [port, token] = [await freePort(), randomUUID()]
  const child = spawn(process.execPath, [program], {
    // away from the terminal, whose Ctrl-C would end it before those that use it
    detached: true,
    env: { PORT: String(port), WAC_CORE_TOKEN: token, DATABASE_URL: await databases.create('wac_core') },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const ended = once(child, 'exit')
  child.stderr.setEncoding('utf8').on('data', (text: string) => say(`wac-core: ${text.trim()}`))
  resources.defer(async () => {
    child.kill('SIGTERM')
    await ended
  })
  const url = `http://127.0.0.1:${port}`
  await until('wac-core answers', async () => {
    if (child.exitCode !== null) throw new Error('The wac-core sandbox has ended.')
    return (await fetch(`${url}/health`).catch(() => undefined))?.ok
  })
  return { settings: { WAC_CORE_URL: `${url}/sapi`, WAC_CORE_TOKEN: token }, remarks: [] }
}
