import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseEnv } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { processesOf } from '../e2e/postgres.fixture.ts'
import { Scene } from '../e2e/scene.fixture.ts'
import { until } from '../e2e/until.fixture.ts'
import { describeWith } from '../support/real.ts'

const root = resolve(import.meta.dirname, '../..')

describeWith('keycloak', 'The stack of a developer', () => {
  let folder: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kitter-developer-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  it('gives the environment for kitter, and leaves nothing after Ctrl-C', { timeout: 120_000 }, async () => {
    await using scene = new Scene()
    const options = ['--experimental-transform-types', '--disable-warning=ExperimentalWarning']
    const stack = spawn(process.execPath, [...options, 'test/stack/main.ts'], {
      cwd: root,
      // a group of its own, as a terminal makes one
      detached: true,
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], TMPDIR: folder },
    })
    scene.afterwards(() => stack.exitCode ?? process.kill(-stack.pid!, 'SIGTERM'))
    let [said, told] = ['', '']
    stack.stdout.on('data', (text: Buffer) => (said += text.toString()))
    stack.stderr.on('data', (text: Buffer) => (told += text.toString()))
    await until('the stack has started', () => told.includes('Ctrl-C'), 60_000)

    const settings = parseEnv(said) as Record<string, string>
    const kitter = await scene.start({ ...settings, KITTER_DATA_DIR: await scene.folder() })
    expect((await kitter.readiness()).body).toMatchObject({ status: 'ok', details: { keycloak: { status: 'up' } } })
    expect(await kitter.stop()).toBe(0)

    const ended = once(stack, 'exit')
    process.kill(-stack.pid!, 'SIGINT')
    expect(await ended).toEqual([0, null])
    expect(await readdir(folder)).toEqual([])
    expect(await processesOf(folder)).toEqual([])
  })
})
