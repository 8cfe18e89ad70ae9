import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { Door } from '../../support/door.ts'
import { createTestDatabase } from '../../support/test-database.ts'
import { type Answer, TestKitter } from '../../support/test-kitter.ts'
import { NativeApi } from './native-api.fixture.ts'
import { answer, refusal } from './refusal.fixture.ts'

const resources = new AsyncDisposableStack()
let kitter: TestKitter
let api: NativeApi
let door: Door

beforeAll(async () => {
  const database = await createTestDatabase()
  resources.defer(() => database.drop())
  door = resources.use(await Door.before(database.url))
  kitter = resources.use(await TestKitter.start({ DATABASE_URL: door.url }))
  api = new NativeApi(kitter)
})
afterEach(() => door.open())
afterAll(() => resources.disposeAsync())

const probe = (name: 'liveness' | 'readiness', token: string | null = null): Promise<Answer> =>
  kitter.call('GET', `/health/${name}`, { token })

describe('The probes', () => {
  it('say that all is well, without a token or with any', async () => {
    for (const token of [null, kitter.adminToken, 'nonsense']) {
      expect(await probe('liveness', token)).toEqual(answer(200, { status: 'ok', details: {} }))
      expect(await probe('readiness', token)).toEqual(
        answer(200, { status: 'ok', details: { postgres: { status: 'up' } } }),
      )
    }
  })

  it('answer GET only', async () => {
    for (const name of ['liveness', 'readiness'])
      expect(await kitter.call('POST', `/health/${name}`)).toEqual(refusal(404, 'route.unknown'))
  })
})

describe('While Postgres is away', () => {
  it('kitter lives, but isn’t ready, and says what is missing', async () => {
    await door.shut()
    const ready = await probe('readiness')

    expect(ready.status).toBe(503)
    expect(ready.headers.get('retry-after')).toMatch(/^[1-9]\d*$/)
    expect(ready.body).toEqual({
      error: 'kitter cannot serve at the moment.',
      code: 'service.unavailable',
      request_id: ready.headers.get('x-request-id'),
      details: { postgres: { status: 'down', message: 'does not answer' } },
    })
    expect(await probe('liveness')).toEqual(answer(200, { status: 'ok', details: {} }))
  })

  it('every operation is a 503 that says when to try again', async () => {
    await door.shut()
    const id = '550e8400-e29b-41d4-a716-446655440000'
    const answers = [
      await api.listUsers(),
      await api.readUser(id),
      await api.createUser({ username: 'cut-off' }),
      await api.updateUser(id, { enabled: true }),
      await api.removeUser(id),
      await api.logOutRealm(),
      await api.listDomains(),
      await api.createDomain({ domain: 'cut-off.example.com' }),
    ]

    for (const refused of answers) {
      expect(refused).toEqual(refusal(503, 'service.unavailable', "kitter's database does not answer."))
      expect(refused.headers.get('retry-after')).toMatch(/^[1-9]\d*$/)
    }
  })

  it('nothing is lost: with Postgres back all goes on, and of what was refused nothing is there', async () => {
    await kitter.createUser('before-the-cut')
    await door.shut()
    expect((await api.createUser({ username: 'during-the-cut' })).status).toBe(503)
    await door.open()

    expect((await probe('readiness')).status).toBe(200)
    expect(await api.listUsers({ username: '-the-cut' })).toMatchObject({
      body: { users: [{ username: 'before-the-cut' }], total: 1 },
    })
    await kitter.createUser('during-the-cut')
  })
})
