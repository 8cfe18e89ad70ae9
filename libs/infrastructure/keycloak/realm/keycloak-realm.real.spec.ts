import { randomUUID } from 'node:crypto'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { Logger } from '@nestjs/common'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { loginPage, MeddlingProxy } from '../../../../test/support/meddling-proxy.ts'
import { describeWith } from '../../../../test/support/real.ts'
import { RealRealm } from '../../../../test/support/real-realm.ts'
import { newAccount } from '../../../core/users/application/identity-directory.contract.ts'
import { type Adapters, adaptersOf } from '../test-adapters.fixture.ts'
import type { KeycloakSettings } from './keycloak-settings.ts'

describeWith('keycloak', 'A realm of Keycloak', () => {
  let real: RealRealm
  let proxy: MeddlingProxy
  let settings: KeycloakSettings
  let adapters: Adapters
  beforeAll(async () => {
    real = await RealRealm.create()
    proxy = await MeddlingProxy.start(real.url)
    const { realm, clientId, clientSecret } = real
    settings = { url: proxy.url, realm, clientId, clientSecret, timeoutMs: 2000 }
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
      await expect.poll(second).toBeGreaterThan(issued)
      await real.admin.realms.logoutAll({ realm: real.realm })
      proxy.taken()
      const account = newAccount()
      await Promise.all([fresh.directory.create(account), fresh.directory.find(randomUUID())])
      expect(tokenRequests()).toBe(1)
      expect(await fresh.directory.find(account.id)).toBeDefined()
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
      proxy.meddler = (line) => (line.endsWith('/token') || line.startsWith('GET') ? undefined : { delayMs: 2500 })
      const changing = adapters.credentials.setPassword(account.id, { value: 'secret', temporary: false })
      await expect(changing).rejects.toMatchObject({ ...unavailable, details: { outcome: 'unknown' } })
      proxy.meddler = (line) => (line.endsWith('/token') ? undefined : { delayMs: 2500 })
      await expect(adapters.directory.find(account.id)).rejects.toMatchObject(unavailable)
    })

    it('hidden behind a page for people is refused', async () => {
      const account = newAccount()
      await adapters.directory.create(account)
      for (const covers of [(): boolean => true, (line: string): boolean => !line.endsWith('/token')]) {
        proxy.meddler = (line) => (covers(line) ? loginPage : undefined)
        const fresh = adaptersOf(settings)
        for (const problem of await problemsOf([...questionsOf(fresh), ...changesOf(fresh, account.id)]))
          expect(problem).toMatchObject(refused)
      }
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
    it('has another secret gets no token, and the log says so without it', async () => {
      const lines = vi.spyOn(Logger.prototype, 'error')
      const clientSecret = `wrong-${randomUUID()}`
      const wrong = adaptersOf({ ...settings, clientSecret })
      await expect(wrong.realm.ping()).rejects.toMatchObject(refused)
      const logged = lines.mock.calls.map((call) => JSON.stringify(call)).join('\n')
      expect(logged).toContain('gives kitter no token')
      expect(logged).not.toContain(clientSecret)
      lines.mockRestore()
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
