import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sendHalfARequest } from './half-request.fixture.ts'
import { embeddedUrl, isAlive, LockedUsers, postmasterOf, processesOf } from './postgres.fixture.ts'
import { Scene } from './scene.fixture.ts'
import type { LogLine, ServiceProcess } from './service-process.fixture.ts'
import { until } from './until.fixture.ts'

/** Loaded into kitter before it starts: breaks it when it's told to. */
const breaksAtSigusr2 = `data:text/javascript,process.on('SIGUSR2',()=>{Promise.reject(new Error('planted'))})`

const postgresObituary: unknown = expect.stringMatching(/^Postgres has ended by itself \(SIGKILL\): .*\.$/)

function fatal(service: ServiceProcess): readonly LogLine[] {
  return service.lines.filter(({ level }) => level === 'fatal')
}

async function nothingIsLeft(service: ServiceProcess): Promise<void> {
  expect(await postmasterOf(service.dataDir)).toBeUndefined()
  expect(await processesOf(service.dataDir)).toEqual([])
  expect(await service.has('service.json')).toBe(false)
}

describe('A start', { timeout: 60_000 }, () => {
  it('in an empty folder brings a Postgres, says where everything is, and keeps all for the next start', async () => {
    await using scene = new Scene()
    const dataDir = join(await scene.folder(), 'new', '.kitter')
    const first = await scene.start({ KITTER_DATA_DIR: dataDir })

    const { url } = first
    const serving = await until('kitter says so', () => first.lines.find((line) => line['url'] !== undefined))
    expect(serving).toMatchObject({ level: 'info', url })
    expect(serving['msg']).toBe(
      `kitter serves ${url}, its docs are at ${url}/docs, an admin token lies in ${join(dataDir, 'admin-token')}`,
    )
    expect((await stat(join(dataDir, 'admin-token'))).mode & 0o777).toBe(0o600)
    expect(JSON.parse(await readFile(join(dataDir, 'service.json'), 'utf8'))).toEqual({ url, pid: first.pid })
    expect((await fetch(`${url}/docs`)).status).toBe(200)
    expect(await first.readiness()).toMatchObject({ status: 200, body: { status: 'ok' } })
    await first.createUser('alice')
    expect(await first.stop()).toBe(0)
    await nothingIsLeft(first)

    const second = await scene.start({ KITTER_DATA_DIR: dataDir })
    expect(await second.usernames()).toEqual(['alice'])
    const withFirstToken = { authorization: `Bearer ${first.adminToken}` }
    expect((await second.call('GET', '/users', undefined, withFirstToken)).status).toBe(200)
    expect(second.stderr).toBe('')
  })

  it('after a kill finds all as it was, and takes the orphan Postgres away', async () => {
    await using scene = new Scene()
    const settings = { KITTER_DATA_DIR: await scene.folder() }
    const killed = await scene.start(settings)
    await killed.createUser('alice')
    const orphan = (await postmasterOf(killed.dataDir))?.pid ?? 0
    expect(await killed.stop('SIGKILL')).toBe('SIGKILL')
    expect(await isAlive(orphan)).toBe(true)
    expect(await killed.has('service.json')).toBe(true)

    const next = await scene.start(settings)
    expect(await next.usernames()).toEqual(['alice'])
    expect(await isAlive(orphan)).toBe(false)
    expect(next.lines.map(({ msg }) => msg)).toContain(
      `Stopping the Postgres that a killed kitter left behind (process ${orphan})`,
    )
    expect(await next.stop()).toBe(0)
    await nothingIsLeft(next)
  })

  it('that is told to stop stops, and leaves nothing running', async () => {
    await using scene = new Scene()
    const service = scene.spawn({ KITTER_DATA_DIR: await scene.folder() })
    await until('kitter is starting', () => service.stdout.includes('Making a Postgres cluster'))
    expect(await service.stop()).toBe(0)
    expect(service.stderr).toBe('')
    await nothingIsLeft(service)
  })
})

describe('A stop', { timeout: 60_000 }, () => {
  it('by SIGTERM turns the readiness to 503, and lets a running request end with its answer', async () => {
    await using scene = new Scene()
    const service = await scene.start({ KITTER_DATA_DIR: await scene.folder() })
    const lock = await LockedUsers.in(await embeddedUrl(service.dataDir))
    scene.afterwards(() => lock[Symbol.asyncDispose]())
    const slow = service.call('POST', '/users', { user: { username: 'slow' } })
    await until('the request waits', () => lock.isWaitedFor())

    service.child.kill('SIGTERM')
    const notReady = await until('the readiness says no', async () => {
      const reply = await service.readiness().catch(() => undefined)
      return reply?.status === 503 && reply
    })
    expect(notReady.headers.get('retry-after')).toMatch(/^\d+$/)
    expect(notReady.body).toEqual({
      error: 'kitter cannot serve at the moment.',
      code: 'service.unavailable',
      request_id: notReady.headers.get('x-request-id'),
      details: { postgres: { status: 'up' } },
    })
    await until('nobody new is let in', () =>
      fetch(service.url).then(
        () => false,
        () => true,
      ),
    )
    expect(service.isRunning).toBe(true)

    await lock[Symbol.asyncDispose]()
    expect(await slow).toMatchObject({ status: 201, body: { user: { username: 'slow' } } })
    // the client keeps its connection open, which kitter must not wait for
    expect(await service.ended(10_000)).toBe(0)
    expect(service.lines.at(-1)).toMatchObject({ level: 'info', msg: 'kitter has stopped' })
    await nothingIsLeft(service)
  })

  it.each(['SIGINT', 'SIGHUP'] as const)('by %s ends with 0, everything put away', async (signal) => {
    await using scene = new Scene()
    const service = await scene.start({ KITTER_DATA_DIR: await scene.folder() })
    expect(await service.stop(signal)).toBe(0)
    expect(service.lines).toContainEqual(expect.objectContaining({ signal, msg: 'kitter is stopping' }))
    expect(service.stderr).toBe('')
    await nothingIsLeft(service)
  })

  it('is at once when a second signal comes, of whatever kind', async () => {
    await using scene = new Scene()
    const service = await scene.start(await scene.onDatabase())
    const cut = sendHalfARequest(service)
    service.child.kill('SIGTERM')
    await until('kitter is stopping', () => service.stdout.includes('kitter is stopping'))

    // one that comes right behind the first is npm's copy of it
    await until('kitter ends', () => !service.isRunning || !service.child.kill('SIGINT'), 5000)
    expect(service.child.exitCode).toBe(1)
    await cut
  })
})

describe('kitter ends by itself, with one sentence and a code that is not 0', { timeout: 60_000 }, () => {
  it('when its Postgres dies', async () => {
    await using scene = new Scene()
    const service = await scene.start({ KITTER_DATA_DIR: await scene.folder() })
    process.kill((await postmasterOf(service.dataDir))?.pid ?? 0, 'SIGKILL')

    expect(await service.ended()).toBe(1)
    expect(fatal(service).map(({ msg }) => msg)).toEqual([postgresObituary])
    expect(await service.has('service.json')).toBe(false)
  })

  it('when nobody handles an error', async () => {
    await using scene = new Scene()
    const settings = { KITTER_DATA_DIR: await scene.folder() }
    const service = await scene.start(settings, { nodeArguments: ['--import', breaksAtSigusr2] })
    service.child.kill('SIGUSR2')

    expect(await service.ended()).toBe(1)
    expect(fatal(service)).toMatchObject([{ msg: 'kitter is broken', err: { message: 'planted' } }])
    expect(service.stderr).toBe('')
    await nothingIsLeft(service)
  })
})
