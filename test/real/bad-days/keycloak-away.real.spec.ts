import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { until } from '../../e2e/until.fixture.ts'
import { describeWith } from '../../support/real.ts'
import type { TestKitter } from '../../support/test-kitter.ts'
import { BadDay, everywhere, nowhere, readinessOf, seen, unavailable } from './bad-day.fixture.ts'

const recoveryMs = 10_000
const degraded = { status: 200, state: 'degraded', away: ['keycloak'] }
const ready = { status: 200, state: 'ok', away: [] }

describeWith('keycloak', 'While Keycloak is away', () => {
  let day: BadDay
  beforeAll(async () => {
    day = await BadDay.dawn()
  })
  afterAll(() => day[Symbol.asyncDispose]())
  beforeEach(() => void day.log.taken())
  afterEach(async () => {
    day.keycloakCalls.meddler = () => undefined
    await day.keycloakDoor.open()
  })

  describe('from the start on, kitter', () => {
    let kitter: TestKitter
    beforeEach(async () => {
      await day.keycloakDoor.shut()
      kitter = await day.kitter()
    })

    it('is ready and degraded, and can tell of nobody who they are', async () => {
      expect(await readinessOf(kitter)).toEqual(degraded)
      for (const [method, path] of [
        ['GET', '/users'],
        ['GET', '/domains'],
        ['POST', '/users'],
      ] as const)
        expect(seen(await kitter.call(method, path))).toEqual(unavailable)
      expect(seen(await kitter.call('GET', '/users', { token: null }))).toMatchObject({ status: 401 })
      expect(seen(await kitter.call('GET', '/health/liveness', { token: null }))).toMatchObject({ status: 200 })
    })

    it('recovers by itself', async () => {
      expect(seen(await kitter.call('GET', '/users'))).toEqual(unavailable)
      await day.keycloakDoor.open()
      await until('users are listed', async () => (await kitter.call('GET', '/users')).status === 200, recoveryMs)
      await expect.poll(() => readinessOf(kitter), { timeout: recoveryMs }).toEqual(ready)
      await kitter.createUser('early')
      expect(await day.whereabouts(kitter, 'early')).toEqual(everywhere)
    })
  })

  describe('midway, kitter', () => {
    let kitter: TestKitter
    beforeAll(async () => {
      kitter = await day.kitter()
    })

    it('answers what it knows itself, refuses what Keycloak has to do, and leaves nothing half done', async () => {
      const { id } = await kitter.createUser('settled')
      await day.keycloakDoor.shut()
      expect(await readinessOf(kitter)).toEqual(degraded)
      for (const path of ['/users', `/users/${id}`, '/domains', '/users/quobis/settled'])
        expect(seen(await kitter.call('GET', path))).toMatchObject({ status: 200 })
      const refused = [
        await kitter.call('POST', '/users', { body: { user: { username: 'late' } } }),
        await kitter.call('POST', '/users', { body: { user: { username: 'late', credentials: { password: 'x' } } } }),
        await kitter.call('PATCH', `/users/${id}`, { body: { first_name: 'New' } }),
        await kitter.call('PATCH', `/users/${id}`, { body: { credentials: { password: 'new' } } }),
        await kitter.call('POST', `/users/${id}/logout`),
        await kitter.call('POST', `/users/${id}/reset-password-email`),
        await kitter.call('POST', '/users/logout'),
      ]
      for (const answer of refused) expect(seen(answer)).toEqual(unavailable)

      await day.keycloakDoor.open()
      expect(await day.whereabouts(kitter, 'late')).toEqual(nowhere)
      expect((await kitter.call('GET', `/users/${id}`)).body.user).not.toHaveProperty('first_name')
      await until('a user is created', async () => (await create(kitter, 'late')) === 201, recoveryMs)
      expect(await day.whereabouts(kitter, 'late')).toEqual(everywhere)
      await expect.poll(() => readinessOf(kitter), { timeout: recoveryMs }).toEqual(ready)
    })

    it('leaves a delete open whose first half was done, and says under which id it will be settled', async () => {
      const { id } = await kitter.createUser('leaving')
      await day.keycloakDoor.shut()
      const answer = await kitter.call('DELETE', `/users/${id}`)
      // wac-core's half can't be taken back: it will be settled
      expect(seen(answer)).toEqual({ status: 504, code: 'operation.unfinished' })
      expect(answer.body.operation).toMatch(/^[0-9a-f-]{36}$/)
    })

    it('takes nothing for certain that a proxy says for a Keycloak that restarts, and lets nobody in', async () => {
      // what kitter asks before it sends anything is known then
      await kitter.createUser('before', { credentials: { password: 'secret' } })
      const body = '<h1>503 Service Unavailable</h1>'
      day.keycloakCalls.meddler = () => ({ status: 503, contentType: 'text/html', body })
      const user = { username: 'patient', credentials: { password: 'secret' } }
      const answer = await kitter.call('POST', '/users', { body: { user } })
      expect(seen(answer)).toEqual({ status: 504, code: 'operation.unfinished' })
      expect(await readinessOf(kitter)).toEqual(degraded)
      expect((await kitter.call('GET', '/users')).status).toBe(200)
      day.keycloakCalls.meddler = () => undefined
      expect(await day.realm.logIn('patient', 'secret')).toMatchObject({ error: 'invalid_grant' })
      await expect.poll(() => readinessOf(kitter), { timeout: recoveryMs }).toEqual(ready)
    })

    it.each(['drop before', 'drop after'] as const)('bears a connection that breaks once: %s', async (meddling) => {
      const username = meddling.replace(' ', '-')
      let breaks = 1
      day.keycloakCalls.meddler = (line) => (line.endsWith('partialImport') && breaks-- > 0 ? meddling : undefined)
      expect(await create(kitter, username)).toBe(201)
      expect(await day.whereabouts(kitter, username)).toEqual(everywhere)
    })

    it('tells the log once that it is away, once that it is back, and of each refused request in one line', async () => {
      await readinessOf(kitter)
      day.log.taken()
      await day.keycloakDoor.shut()
      for (let probe = 0; probe < 5; probe++) await readinessOf(kitter)
      await create(kitter, 'unseen')
      await day.keycloakDoor.open()
      for (let probe = 0; probe < 5; probe++) await readinessOf(kitter)

      // a create of an earlier test may still be being settled
      const lines = day.log.taken().filter(({ operation }) => operation === undefined)
      expect(lines.map(({ level, msg }) => `${level}: ${msg}`)).toEqual([
        'warn: keycloak does not answer',
        'warn: request failed',
        'warn: keycloak answers again',
      ])
      expect(lines[1]).toMatchObject({ method: 'POST', path: '/users', status: 503, code: 'service.unavailable' })
      expect(lines[1]?.['err']).toEqual({
        code: 'service.unavailable',
        message: expect.stringMatching(/^Keycloak does not answer\. .*ECONNREFUSED/) as unknown,
      })
    })
  })
})

async function create(kitter: TestKitter, username: string): Promise<number> {
  return (await kitter.call('POST', '/users', { body: { user: { username } } })).status
}
