import { describe, expect, it } from 'vitest'
import { startEmbeddedPostgres } from '#infrastructure/embedded-postgres'
import type { Answer } from '../support/call.ts'
import { Door } from '../support/door.ts'
import { createTestDatabase } from '../support/test-database.ts'
import { Scene } from './scene.fixture.ts'
import type { ServiceProcess } from './service-process.fixture.ts'
import { until } from './until.fixture.ts'

async function doorBefore(scene: Scene, url: string): Promise<Door> {
  const door = await Door.before(url)
  scene.afterwards(() => door[Symbol.asyncDispose]())
  return door
}

/** What every request says while the database is away: the one error shape, and when to come again. */
function expectUnavailable({ status, headers, body }: Answer, more: object = {}): void {
  expect({ status, body }).toEqual({
    status: 503,
    body: {
      error: expect.any(String) as unknown,
      code: 'service.unavailable',
      request_id: headers.get('x-request-id'),
      ...more,
    },
  })
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
}

async function expectAllUnavailable(service: ServiceProcess): Promise<void> {
  const requests = [
    service.call('GET', '/users'),
    service.call('GET', '/domains'),
    service.call('POST', '/users', { user: { username: 'bob' } }),
    service.call('DELETE', '/users/7c0f1bd4-4d3b-4c3e-a9a5-0c5d5a8f6a11'),
  ]
  for (const request of requests) expectUnavailable(await request)
  const details = { postgres: { status: 'down', message: 'does not answer' } }
  expectUnavailable(await service.readiness(), { details })
  expect(await service.call('GET', '/health/liveness')).toMatchObject({ status: 200, body: { status: 'ok' } })
}

async function expectRecovery(service: ServiceProcess): Promise<void> {
  await until('kitter is ready again', async () => (await service.readiness()).status === 200)
  expect(await service.usernames()).toEqual(['alice'])
  await service.createUser('bob')
  expect(service.isRunning).toBe(true)
  expect(service.stderr).toBe('')
}

describe.concurrent('While the database of DATABASE_URL is away', { timeout: 90_000 }, () => {
  it('requests are told so, and all works when Postgres is back', async () => {
    await using scene = new Scene()
    const dataDir = await scene.folder()
    const postgres = await startEmbeddedPostgres({ dataDir, log: () => undefined })
    scene.afterwards(() => postgres.stop())
    const door = await doorBefore(scene, postgres.url)
    const service = await scene.start({ DATABASE_URL: door.url, KITTER_DATA_DIR: await scene.folder() })
    await service.createUser('alice')

    await postgres.stop()
    await expectAllUnavailable(service)

    const again = await startEmbeddedPostgres({ dataDir, log: () => undefined })
    scene.afterwards(() => again.stop())
    door.leadTo(again.url)
    await expectRecovery(service)
    expect(await service.stop()).toBe(0)
  })

  it('requests are told so within the time-outs when it only falls silent', async () => {
    await using scene = new Scene()
    const database = await createTestDatabase()
    scene.afterwards(() => database.drop())
    const door = await doorBefore(scene, database.url)
    const service = await scene.start({ DATABASE_URL: door.url, KITTER_DATA_DIR: await scene.folder() })
    await service.createUser('alice')

    door.fallSilent()
    const asked = performance.now()
    await expectAllUnavailable(service)
    expect(performance.now() - asked).toBeLessThan(20_000)

    door.speakAgain()
    await expectRecovery(service)
  })

  it('a stop ends in time also when it falls silent', async () => {
    await using scene = new Scene()
    const door = await doorBefore(scene, await scene.database())
    const service = await scene.start({ DATABASE_URL: door.url, KITTER_DATA_DIR: await scene.folder() })

    door.fallSilent()
    service.child.kill('SIGTERM')
    expect(await service.ended(30_000)).toBe(0)
    expect(await service.has('service.json')).toBe(false)
  })
})
