import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { until } from '../../e2e/until.fixture.ts'
import { describeWith } from '../../support/real.ts'
import { TestKitter } from '../../support/test-kitter.ts'
import { DatabaseLook } from '../../wire/native/database-look.fixture.ts'
import { Log } from '../bad-days/log.fixture.ts'
import { Tenants } from './realm-census.fixture.ts'

const withinMs = 10_000

interface Following {
  readonly name: string
  /** What somebody does to the account of this id, who is called so. */
  change(tenants: Tenants, id: string, username: string): Promise<void>
  readonly inKitter: (username: string) => Readonly<Record<string, unknown>>
  readonly atWacCore: (username: string) => Readonly<Record<string, unknown>>
}

const followings: readonly Following[] = [
  {
    name: 'a first name, in the console',
    change: (tenants, id) => tenants.change(id, { firstName: 'New' }),
    inKitter: () => ({ first_name: 'New', last_name: 'Last' }),
    atWacCore: () => ({ displayName: 'New' }),
  },
  {
    name: 'an address, in the console',
    change: (tenants, id, username) => tenants.change(id, { email: `new-${username}@example.org` }),
    inKitter: (username) => ({ email: `new-${username}@example.org` }),
    atWacCore: (username) => ({ email: `new-${username}@example.org` }),
  },
  {
    name: 'that it is enabled, in the console',
    change: (tenants, id) => tenants.change(id, { enabled: false }),
    inKitter: () => ({ enabled: false }),
    atWacCore: () => ({}),
  },
  {
    name: 'a username, in the console',
    change: (tenants, id, username) => tenants.change(id, { username: `new-${username}` }),
    inKitter: (username) => ({ username: `new-${username}` }),
    atWacCore: (username) => ({ username: `new-${username}` }),
  },
  {
    name: 'names and address, by the user itself',
    change: (tenants, _, username) =>
      tenants.changeOwn(username, 'correct horse', {
        firstName: 'Self',
        lastName: 'Made',
        email: `self-${username}@example.org`,
      }),
    inKitter: (username) => ({ first_name: 'Self', last_name: 'Made', email: `self-${username}@example.org` }),
    atWacCore: (username) => ({ displayName: 'Self', email: `self-${username}@example.org` }),
  },
]

describeWith('keycloak', 'Two replicas of kitter', () => {
  const resources = new AsyncDisposableStack()
  const log = new Log()
  const seconds: number[] = []
  let kitter: TestKitter
  let look: DatabaseLook
  let tenants: Tenants

  beforeAll(async () => {
    kitter = resources.use(await TestKitter.start({}, undefined, log.logger))
    look = resources.use(await DatabaseLook.into(kitter))
    resources.use(await TestKitter.start({ DATABASE_URL: kitter.databaseUrl }, kitter.systems, log.logger))
    tenants = Tenants.of(kitter)
    await kitter.createDomain('moved.example')
    await until('kitter follows', () =>
      look.rows("SELECT FROM kitter.settings WHERE name = 'followed_changes'").then(({ length }) => length > 0),
    )
  })
  afterAll(async () => {
    const median = seconds.toSorted((one, other) => one - other)[Math.floor(seconds.length / 2)] ?? 0
    process.stdout.write(
      `followed after ${median.toFixed(1)} s (median), ${Math.max(...seconds).toFixed(1)} s at most\n`,
    )
    await resources.disposeAsync()
  })

  const user = { first_name: 'First', last_name: 'Last', credentials: { password: 'correct horse' } }
  const inKitter = async (id: string): Promise<unknown> => (await kitter.call('GET', `/users/${id}`)).body.user
  const reconciled = (id: string): Promise<number> =>
    look.count('kitter.operations', "kind = 'user.reconcile' AND subject = $1", id)

  /** Whatever was done before, has been followed then. */
  async function caughtUp(marker: string): Promise<void> {
    const { id } = await kitter.createUser(marker, user)
    await tenants.change(id, { firstName: 'Followed' })
    await expect.poll(() => inKitter(id), { timeout: withinMs }).toMatchObject({ first_name: 'Followed' })
  }

  it.concurrent.for(followings)('follow within seconds what somebody changed: $name', async (following, { expect }) => {
    const username = `follow-${followings.indexOf(following)}`
    const email = `${username}@example.org`
    const { id } = await kitter.createUser(username, { ...user, email })
    await following.change(tenants, id, username)
    const begun = performance.now()
    const patience = { timeout: withinMs, interval: 50 }
    await expect.poll(() => inKitter(id), patience).toMatchObject(following.inKitter(username))
    await expect.poll(() => look.userAtWacCore(id), patience).toMatchObject(following.atWacCore(username))
    seconds.push((performance.now() - begun) / 1000)
  })

  it('have made each of these changes once', async () => {
    for (const { id } of await look.rows("SELECT id FROM kitter.users WHERE username LIKE '%follow-%'"))
      expect(await reconciled(String(id))).toBe(1)
  })

  it('leave it to people whether an account that was removed comes back', async () => {
    const { id } = await kitter.createUser('removed', user)
    await look.keycloak.removeAccount('removed')
    await caughtUp('after-removal')
    expect(await look.usersNamed('removed')).toEqual({ kitter: 1, keycloak: 0, wacCore: 1 })
    expect(await reconciled(id)).toBe(0)
  })

  it('leave it to people whether a domain that was changed is put back, and give nobody its rights', async () => {
    const { id } = await kitter.createUser('mover', user)
    await tenants.change(id, { attributes: { domain: ['moved.example'] } })
    await caughtUp('after-move')
    expect(await inKitter(id)).toMatchObject({ attributes: { domain: 'quobis' } })
    expect(await look.userAtWacCore(id)).toMatchObject({ domain: 'quobis' })
    expect(await reconciled(id)).toBe(0)
  })

  it('leave an account that somebody made', async () => {
    await tenants.makeAccount('foreign', 'their own')
    await caughtUp('after-foreign')
    expect(await look.usersNamed('foreign')).toEqual({ kitter: 0, keycloak: 1, wacCore: 0 })
  })

  it('need not follow themselves', async () => {
    const { id } = await kitter.createUser('own', user)
    await kitter.call('PATCH', `/users/${id}`, { body: { first_name: 'Own', enabled: false, username: 'own-2' } })
    await kitter.call('PUT', `/users/${id}`, { body: { username: 'own-3', ...user } })
    await caughtUp('after-own')
    expect(await reconciled(id)).toBe(0)
  })

  describe('while the realm keeps no events', () => {
    const follows = (state: string): Promise<number> =>
      look.count('jobs.job', "name = 'follow-changes' AND state = $1", state)

    it('go on looking, and nothing fails', async () => {
      await tenants.keepNoEvents()
      const begun = await follows('completed')
      await expect.poll(() => follows('completed'), { timeout: 15_000 }).toBeGreaterThan(begun + 2)
      expect(await follows('failed')).toBe(0)
    })
  })

  it('have nothing to complain of', () => {
    const complaints = log.lines.filter(({ level }) => ['warn', 'error', 'fatal'].includes(level))
    expect(complaints.map(({ msg }) => msg)).toEqual([])
  })
})
