import { randomUUID } from 'node:crypto'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { inspect } from 'node:util'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { loginPage, MeddlingProxy } from '../../../../test/support/meddling-proxy.ts'
import { describeWith } from '../../../../test/support/real.ts'
import { RealRealm } from '../../../../test/support/real-realm.ts'
import { newAccount } from '../../../core/users/application/identity-directory.contract.ts'
import { type Adapters, adaptersOf } from '../test-adapters.fixture.ts'
import type { KeycloakSettings } from './keycloak-settings.ts'

const patience = { timeout: 20_000 }

describeWith('keycloak', 'A realm of Keycloak', () => {
  let real: RealRealm
  let proxy: MeddlingProxy
  let settings: KeycloakSettings
  let adapters: Adapters
  beforeAll(async () => {
    real = await RealRealm.create()
    proxy = await MeddlingProxy.start(real.url)
    const { realm, clientId, clientSecret } = real
    settings = { url: proxy.url, realm, clientId, clientSecret }
    adapters = adaptersOf(settings)
  })
  afterAll(async () => {
    await proxy[Symbol.asyncDispose]()
    await real[Symbol.asyncDispose]()
  })
  beforeEach(() => {
    proxy.meddler = () => undefined
  })

  const unavailable = { kind: 'unavailable', code: 'service.unavailable', details: { retryAfter: 5 } }
  const refused = { kind: 'refused_elsewhere', code: 'system.refused' }

  /** Everything that kitter asks of Keycloak, and changes there. */
  function questionsOf({ directory, administrators, control, realm }: Adapters): Promise<unknown>[] {
    return [
      directory.find(randomUUID()),
      directory.findByLoginName('somebody'),
      administrators.includes(randomUUID()),
      control.endAll(),
      realm.ping(),
    ]
  }

  function changesOf({ directory, credentials }: Adapters, id: string): Promise<unknown>[] {
    return [
      directory.create(newAccount()),
      directory.update(id, { firstName: 'A' }),
      directory.remove(id),
      credentials.setPassword(id, { value: 'secret', temporary: false }),
      credentials.sendResetMail(id),
    ]
  }

  /** What each came to, the successes as undefined. */
  async function problemsOf(calls: readonly Promise<unknown>[]): Promise<unknown[]> {
    const outcomes = await Promise.allSettled(calls)
    return outcomes.map((outcome): unknown => (outcome.status === 'rejected' ? outcome.reason : undefined))
  }

  function isDone(call: Promise<unknown>): Promise<boolean> {
    return call.then(
      () => true,
      () => false,
    )
  }

  async function closedPort(): Promise<number> {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    server.close()
    return typeof address === 'object' ? (address?.port ?? 0) : 0
  }

  describe("kitter's own token", () => {
    const tokenRequests = (): number => proxy.taken().filter((line) => line.endsWith('/token')).length

    it('is fetched once for all who need it at once, and kept', async () => {
      const fresh = adaptersOf(settings)
      proxy.taken()
      await Promise.all(Array.from({ length: 20 }, () => fresh.directory.find(randomUUID())))
      await fresh.directory.find(randomUUID())
      expect(tokenRequests()).toBe(1)
    })

    it('is renewed when it is refused midway, also in a change', async () => {
      const fresh = adaptersOf(settings)
      await fresh.realm.ping()
      // a token from the very second of the log-out stays good
      const second = (): number => Math.floor(Date.now() / 1000)
      const issued = second()
      await expect.poll(second, { timeout: 5000 }).toBeGreaterThan(issued)
      await real.admin.realms.logoutAll({ realm: real.realm })
      proxy.taken()
      const account = newAccount()
      await Promise.all([fresh.directory.create(account), fresh.directory.find(randomUUID())])
      expect(tokenRequests()).toBe(1)
      expect(await fresh.directory.find(account.id)).toBeDefined()
    })

    it('that was refused makes no removal look like one that was made before', async () => {
      const fresh = adaptersOf(settings)
      await fresh.realm.ping()
      let refusals = 1
      proxy.meddler = (line) =>
        line.startsWith('DELETE') && refusals-- > 0
          ? { status: 401, contentType: 'application/json', body: '{"error":"HTTP 401 Unauthorized"}' }
          : undefined
      await expect(fresh.directory.remove(randomUUID())).rejects.toMatchObject({ code: 'user.unknown' })
      expect(refusals).toBeLessThan(1)
    })

    it('goes on after everybody was logged out', async () => {
      await adapters.control.endAll()
      await adapters.directory.create(newAccount())
    })

    it('is renewed before its time is over', async () => {
      await real.admin.realms.update({ realm: real.realm }, { accessTokenLifespan: 1 })
      try {
        const fresh = adaptersOf(settings)
        await fresh.realm.ping()
        proxy.taken()
        await expect.poll(() => fresh.realm.ping().then(tokenRequests), { timeout: 5000 }).toBe(1)
      } finally {
        await real.admin.realms.update({ realm: real.realm }, { accessTokenLifespan: 300 })
      }
    })
  })

  describe('A Keycloak that is', () => {
    it('not there makes everything unavailable, and nothing done', async () => {
      const away = adaptersOf({ ...settings, url: `http://127.0.0.1:${await closedPort()}` })
      for (const problem of await problemsOf([...questionsOf(away), ...changesOf(away, randomUUID())])) {
        expect(problem).toMatchObject(unavailable)
        expect(problem).not.toMatchObject({ details: { outcome: 'unknown' } })
      }
    })

    it('too slow makes questions unavailable, and leaves the outcome of changes open', async () => {
      const account = newAccount()
      await adapters.directory.create(account)
      const { credentials, directory } = adaptersOf({ ...settings, timeoutMs: 2000 })
      const change = () => credentials.setPassword(account.id, { value: 'secret', temporary: false })
      // what it asks before, and remembers, may take its time
      await expect.poll(() => isDone(change()), patience).toBe(true)
      proxy.meddler = (line) => (line.endsWith('/token') || line.startsWith('GET') ? undefined : { delayMs: 2500 })
      await expect(change()).rejects.toMatchObject({ ...unavailable, details: { outcome: 'unknown' } })
      proxy.meddler = (line) => (line.endsWith('/token') ? undefined : { delayMs: 2500 })
      await expect(directory.find(account.id)).rejects.toMatchObject(unavailable)
    })

    it('hidden behind a page for people is refused', async () => {
      const account = newAccount()
      await adapters.directory.create(account)
      proxy.meddler = () => loginPage
      const outside = adaptersOf(settings)
      for (const problem of await problemsOf([...questionsOf(outside), ...changesOf(outside, account.id)]))
        expect(problem).toMatchObject(refused)

      proxy.meddler = (line) => (line.endsWith('/token') ? undefined : loginPage)
      const inside = adaptersOf(settings)
      for (const problem of await problemsOf(questionsOf(inside))) expect(problem).toMatchObject(refused)
    })

    it('hidden behind such a page midway leaves the outcome of changes open', async () => {
      const account = newAccount()
      await adapters.directory.create(account)
      proxy.meddler = (line) => (/^(GET|POST .*token$)/.test(line) ? undefined : loginPage)
      const open = { ...unavailable, details: { outcome: 'unknown' } }
      for (const problem of await problemsOf(changesOf(adapters, account.id))) expect(problem).toMatchObject(open)
    })

    it.each([
      ['text/html', '<h1>404</h1>'],
      ['text/plain', '404 page not found'],
      ['application/json', '{"error":"Realm not found."}'],
    ])('hidden behind somebody who knows no such path (%s) proves nothing gone', async (contentType, body) => {
      const account = newAccount()
      await adapters.directory.create(account)
      proxy.meddler = (line) => (line.endsWith('/token') ? undefined : { status: 404, contentType, body })
      const { directory, userSessions, administrators, credentials } = adapters
      const asked = [
        directory.find(account.id),
        directory.remove(account.id),
        directory.create(newAccount()),
        userSessions.end(account.id),
        administrators.includes(account.id),
        credentials.sendResetMail(account.id),
      ]
      for (const problem of await problemsOf(asked)) expect(problem).toMatchObject({ kind: 'refused_elsewhere' })
    })

    it('restarting behind a proxy is unavailable', async () => {
      await adapters.realm.ping()
      proxy.meddler = () => ({ status: 503, contentType: 'text/html', body: '<h1>Service Unavailable</h1>' })
      for (const problem of await problemsOf([...questionsOf(adapters), ...changesOf(adapters, randomUUID())]))
        expect(problem).toMatchObject(unavailable)
    })

    it('in trouble for a moment is asked again', async () => {
      const account = newAccount()
      let troubles = 2
      proxy.meddler = (line) =>
        line.endsWith('partialImport') && troubles-- > 0
          ? { status: 500, contentType: 'application/json', body: '{"error":"unknown_error"}' }
          : undefined
      await adapters.directory.create(account)
      expect(await adapters.directory.find(account.id)).toBeDefined()
    })

    it('in trouble for long is refused, and not asked for ever', async () => {
      proxy.taken()
      proxy.meddler = (line) =>
        line.endsWith('/token') ? undefined : { status: 500, contentType: 'application/json', body: '{}' }
      await expect(adapters.directory.create(newAccount())).rejects.toMatchObject(refused)
      expect(proxy.taken().filter((line) => line.endsWith('partialImport'))).toHaveLength(3)
    })
  })

  describe('A client of the realm that', () => {
    it('has another secret gets no token, and is told so without it', async () => {
      const clientSecret = `wrong-${randomUUID()}`
      const wrong = adaptersOf({ ...settings, clientSecret })
      const [problem] = await problemsOf([wrong.realm.ping()])
      expect(problem).toMatchObject(refused)
      const told = inspect(problem, { depth: 20 })
      expect(told).toContain('gives the client kitter no token')
      expect(told).not.toContain(clientSecret)
    })

    it('is of another realm finds nothing there, which is no proof that something is gone', async () => {
      const elsewhere = adaptersOf({ ...settings, realm: `nowhere-${randomUUID()}` })
      const id = randomUUID()
      const gone = [
        elsewhere.directory.remove(id),
        elsewhere.userSessions.end(id),
        elsewhere.administrators.includes(id),
      ]
      for (const problem of await problemsOf([...gone, elsewhere.directory.find(id)]))
        expect(problem).toMatchObject(refused)
    })

    it('lacks a right is refused', async () => {
      const clientId = `powerless-${randomUUID()}`
      await real.admin.clients.create({ clientId, secret: 'secret', serviceAccountsEnabled: true })
      const powerless = adaptersOf({ ...settings, clientId, clientSecret: 'secret' })
      for (const problem of await problemsOf([...questionsOf(powerless), powerless.directory.create(newAccount())]))
        expect(problem).toMatchObject(refused)
    })
  })

  describe('No more calls than allowed', () => {
    it('keep others waiting for long where Keycloak hangs', async () => {
      const narrow = adaptersOf({ ...settings, inFlight: 2, timeoutMs: 1000 })
      await expect.poll(() => isDone(narrow.realm.ping()), patience).toBe(true)
      proxy.meddler = () => ({ delayMs: 3000 })
      const asked = performance.now()
      const problems = await problemsOf(Array.from({ length: 30 }, () => narrow.directory.find(randomUUID())))
      for (const problem of problems) expect(problem).toMatchObject(unavailable)
      expect(performance.now() - asked).toBeLessThan(2500)
    })

    it('are in flight at once', async () => {
      const narrow = adaptersOf({ ...settings, inFlight: 2 })
      await narrow.realm.ping()
      let [now, most] = [0, 0]
      const asking = Array.from({ length: 10 }, () =>
        narrow.realm.ask(async (admin) => {
          most = Math.max(most, ++now)
          await admin.users.findOne({ id: randomUUID() })
          now--
        }),
      )
      await Promise.all(asking)
      expect(most).toBe(2)
    })
  })
})
