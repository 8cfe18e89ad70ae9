import { type ChildProcess, spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { processesOf } from '../../test/e2e/postgres.fixture.ts'
import { Scene } from '../../test/e2e/scene.fixture.ts'
import { checkout } from '../../test/e2e/service-process.fixture.ts'
import { until } from '../../test/e2e/until.fixture.ts'

const token = 'a-token-for-tests'

interface Sandbox {
  readonly child: ChildProcess
  said(): string
  url(): Promise<string>
  ended(): Promise<number | NodeJS.Signals>
}

/** What `npm run wac-core-sandbox` runs, or npm itself. */
async function start(
  scene: Scene,
  settings: Readonly<Record<string, string>>,
  command?: readonly [string, ...string[]],
): Promise<Sandbox> {
  const [program, ...rest] = command ?? (await scriptCommand())
  let said = ''
  const child = spawn(program, rest, { cwd: checkout, env: { PATH: process.env['PATH'], PORT: '0', ...settings } })
  let isClosed = false
  child.once('close', () => (isClosed = true))
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said += text))
  const ended = async (): Promise<number | NodeJS.Signals> => {
    await until(`the sandbox ends, which says ${said}`, () => isClosed)
    return child.exitCode ?? child.signalCode ?? -1
  }
  scene.afterwards(() => isClosed || (child.kill(), ended()))
  const url = (): Promise<string> =>
    until('the sandbox serves', () => {
      if (isClosed) throw new Error(`it did not start: ${said}`)
      return /"url":"([^"]+)"/.exec(said)?.[1]
    })
  return { child, said: () => said, url, ended }
}

async function scriptCommand(): Promise<readonly [string, ...string[]]> {
  const { scripts } = JSON.parse(await readFile(join(checkout, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>
  }
  return ['sh', '-c', scripts['wac-core-sandbox']!.replace('exec node', `exec ${process.execPath}`)]
}

async function call(url: string, method: string, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`${url}/${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  return response.json()
}

describe('npm run wac-core-sandbox', { timeout: 60_000 }, () => {
  it('serves, and finds everything again after a restart', async () => {
    await using scene = new Scene()
    const folder = join(await scene.folder(), 'kept')
    const settings = { WAC_CORE_TOKEN: token, KITTER_DATA_DIR: folder }

    const first = await start(scene, settings)
    const domain = await call(await first.url(), 'POST', 'domains', { domain: 'quobis' })
    const user = await call(await first.url(), 'POST', 'users', { username: 'alice', externalId: 'x' })
    first.child.kill('SIGTERM')
    expect(await first.ended()).toBe(0)
    expect(await processesOf(folder)).toEqual([])

    const second = await start(scene, settings)
    expect(await call(await second.url(), 'GET', 'domains')).toEqual([domain])
    expect(await call(await second.url(), 'GET', 'users')).toEqual([user])
    second.child.kill('SIGINT')
    second.child.kill('SIGINT')
    expect(await second.ended()).toBe(0)
    expect(await processesOf(folder)).toEqual([])
    expect(first.said() + second.said()).not.toContain(token)
  })

  it('uses the database that it is given, and passes a SIGTERM on', async () => {
    await using scene = new Scene()
    const settings = { WAC_CORE_TOKEN: token, DATABASE_URL: await scene.database() }
    const sandbox = await start(scene, settings, ['npm', 'run', 'wac-core-sandbox'])
    expect(await call(await sandbox.url(), 'GET', 'domains')).toEqual([])
    sandbox.child.kill('SIGTERM')
    await sandbox.ended()
    expect(sandbox.said()).toContain('The wac-core sandbox is stopping')
  })

  it('says in one sentence all that is wrong with its settings', async () => {
    await using scene = new Scene()
    const sandbox = await start(scene, { PORT: 'many', LOG_LEVEL: 'loud', DATABASE_URL: 'secret' })
    expect(await sandbox.ended()).toBe(78)
    expect(sandbox.said().trim()).toBe(
      "The wac-core sandbox can't start with these settings: PORT must be a port number from 0 to 65535; " +
        'WAC_CORE_TOKEN must be set: callers send this token; ' +
        'DATABASE_URL must be a URL like postgres://host/database; ' +
        'LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent.',
    )
  })

  it('says that its port is taken', async () => {
    await using scene = new Scene()
    const settings = { WAC_CORE_TOKEN: token, DATABASE_URL: await scene.database() }
    const first = await start(scene, settings)
    const { port } = new URL(await first.url())
    const second = await start(scene, { ...settings, PORT: port })
    expect(await second.ended()).toBe(1)
    expect(second.said()).toContain(`can't serve on port ${port} of 127.0.0.1: `)
  })
})
