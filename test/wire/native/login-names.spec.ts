import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { StartError } from '#kernel'
import { createTestDatabase } from '../../support/test-database.ts'
import { startSystems, TestKitter } from '../../support/test-kitter.ts'
import { DatabaseLook } from './database-look.fixture.ts'
import { NativeApi } from './native-api.fixture.ts'
import { answer, invalidBecause, refusal } from './refusal.fixture.ts'

const home = 'example.com'
const elsewhere = 'elsewhere.org'
const credentials = { password: 'correct horse battery staple' }
const tooLong = 'must have at most 255 characters together with "@" and the domain'

const resources = new AsyncDisposableStack()
let kitter: TestKitter
let api: NativeApi
let look: DatabaseLook

beforeAll(async () => {
  kitter = resources.use(await TestKitter.start({ LOGIN_NAMES: 'domain' }))
  api = new NativeApi(kitter)
  look = resources.use(await DatabaseLook.into(kitter))
  await kitter.createDomain(home)
  await kitter.createDomain(elsewhere)
})
afterAll(() => resources.disposeAsync())

const member = (username: string, domain: string): Promise<{ id: string }> =>
  kitter.createUser(username, { attributes: { domain }, credentials })

async function logsIn(loginName: string): Promise<boolean> {
  return 'access_token' in (await kitter.logIn(loginName, credentials.password))
}

describe('With LOGIN_NAMES=domain', () => {
  it('two domains each have a bob, who logs in with the domain behind his name', async () => {
    const bobs = [await member('bob', home), await member('Bob', elsewhere)]

    expect(await logsIn('bob@example.com')).toBe(true)
    expect(await logsIn('BOB@Elsewhere.org')).toBe(true)
    expect(await logsIn('bob')).toBe(false)
    expect(await look.accountAtKeycloak(bobs[0]!.id)).toMatchObject({ login_name: 'bob@example.com' })
    expect(await look.accountAtKeycloak(bobs[1]!.id)).toMatchObject({ login_name: 'bob@elsewhere.org' })
  })

  it('the API and wac-core show plain names', async () => {
    const users = [await member('carol', home), await member('carol', elsewhere)]

    for (const { id } of users) {
      expect((await api.readUser(id)).body.user.username).toBe('carol')
      expect(await look.userAtWacCore(id)).toMatchObject({ username: 'carol' })
    }
    expect((await api.findUser(home, 'carol')).body.id).toBe(users[0]!.id)
    expect((await api.findUser(elsewhere, 'Carol')).body.id).toBe(users[1]!.id)
    expect((await api.findUser('quobis', 'carol')).status).toBe(404)
    expect((await api.findUser(home, 'carol@example.com')).status).toBe(404)
  })

  it('lists those of one name by their ids, and filters see plain names', async () => {
    const made = await Promise.all([home, elsewhere, 'quobis'].map((domain) => member('dave', domain)))

    const { body } = await api.listUsers({ username: 'dave', exact: 'true' })
    expect(body.users.map(({ id }) => id)).toEqual(made.map(({ id }) => id).toSorted())
    expect((await api.listUsers({ username: 'dave', domain: elsewhere })).body.users.map(({ id }) => id)).toEqual([
      made[1]!.id,
    ])
    expect((await api.listUsers({ username: 'dave@' })).body.total).toBe(0)
  })

  it('a name is still unique in its domain, and an email in the realm', async () => {
    await kitter.createUser('erin', { email: 'erin@mail.com', attributes: { domain: home } })

    expect(await api.createUser({ username: 'ERIN', attributes: { domain: home } })).toEqual(
      refusal(409, 'user.name_taken', 'There is a user with this username already.'),
    )
    expect(
      await api.createUser({ username: 'erin', email: 'Erin@mail.com', attributes: { domain: elsewhere } }),
    ).toEqual(refusal(409, 'user.email_taken'))
  })

  it('a rename changes the log-in name', async () => {
    const { id } = await member('frank', home)

    expect((await api.updateUser(id, { username: 'Francis' })).body.user.username).toBe('francis')
    expect(await logsIn('francis@example.com')).toBe(true)
    expect(await logsIn('frank@example.com')).toBe(false)
  })

  it('a move changes the log-in name', async () => {
    const { id } = await member('grace', home)

    const { body } = await api.updateUser(id, { attributes: { domain: elsewhere } })
    expect(body.user).toMatchObject({ username: 'grace', attributes: { domain: elsewhere } })
    expect(await logsIn('grace@elsewhere.org')).toBe(true)
    expect(await logsIn('grace@example.com')).toBe(false)
    await member('grace', home)
  })

  it('a move to where the name is taken is refused, and changes nothing', async () => {
    const { id } = await member('heidi', home)
    await member('heidi', elsewhere)
    const before = await api.readUser(id)

    expect(await api.updateUser(id, { first_name: 'H', attributes: { domain: elsewhere } })).toEqual(
      refusal(409, 'user.name_taken', 'There is a user with this username already.'),
    )
    expect(await api.readUser(id)).toEqual(answer(200, before.body))
    expect(await look.userAtWacCore(id)).toMatchObject({ domain: home })
    expect(await logsIn('heidi@example.com')).toBe(true)
    expect((await api.updateUser(id, { username: 'heide', attributes: { domain: elsewhere } })).status).toBe(200)
    expect(await logsIn('heide@elsewhere.org')).toBe(true)
  })

  it('name and domain together have 255 characters at most, at a create, a rename and a move', async () => {
    const longest = 'x'.repeat(255 - '@example.com'.length)
    expect(await api.createUser({ username: `${longest}x`, attributes: { domain: home } })).toEqual(
      invalidBecause('user.username', tooLong),
    )
    const { id } = await member(longest, home)
    expect(await logsIn(`${longest}@example.com`)).toBe(true)

    expect(await api.updateUser(id, { username: `${longest}y` })).toEqual(invalidBecause('username', tooLong))
    expect(await api.updateUser(id, { attributes: { domain: elsewhere } })).toEqual(invalidBecause('username', tooLong))
    const shorter = 'y'.repeat(255 - '@elsewhere.org'.length)
    expect((await api.updateUser(id, { username: shorter, attributes: { domain: elsewhere } })).status).toBe(200)
    expect((await api.updateUser(id, { username: `${shorter}yy`, attributes: { domain: home } })).status).toBe(200)
  })

  it('a name with @ in it is one like others', async () => {
    const { id } = await member('ivan@mail.com', home)

    expect((await api.readUser(id)).body.user.username).toBe('ivan@mail.com')
    expect(await logsIn('ivan@mail.com@example.com')).toBe(true)
    expect((await api.findUser(home, 'ivan@mail.com')).body.id).toBe(id)
  })

  it('a rename and a move at once leave a user of one name in one place', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { id } = await member(`judy-${round}`, home)
      const answers = await Promise.all([
        api.updateUser(id, { username: `judith-${round}` }),
        api.updateUser(id, { attributes: { domain: elsewhere } }),
      ])

      expect(answers.filter(({ status }) => status === 200)).not.toHaveLength(0)
      for (const refused of answers.filter(({ status }) => status !== 200))
        expect(refused).toEqual(refusal(409, 'operation.in_progress'))
      const { username, attributes } = (await api.readUser(id)).body.user
      expect(await look.userAtWacCore(id)).toMatchObject({ username, domain: attributes['domain'] })
      expect(await logsIn(`${username}@${String(attributes['domain'])}`)).toBe(true)
    }
  })
})

describe('LOGIN_NAMES and ROOT_DOMAIN', () => {
  /** What others have used before. */
  type Used = Pick<TestKitter, 'databaseUrl' | 'systems'>

  function startOver({ databaseUrl, systems }: Used, settings: Readonly<Record<string, string>>): Promise<TestKitter> {
    return TestKitter.start({ DATABASE_URL: databaseUrl, ...settings }, systems)
  }

  async function unused(): Promise<Used> {
    const database = await createTestDatabase()
    resources.defer(() => database.drop())
    return { databaseUrl: database.url, systems: resources.use(await startSystems(database.url)) }
  }

  async function refusedStart(used: Used, settings: Readonly<Record<string, string>>): Promise<string> {
    const outcome: unknown = await startOver(used, settings).then(
      (started) => started[Symbol.asyncDispose](),
      (error: unknown) => error,
    )
    expect(outcome).toBeInstanceOf(StartError)
    return outcome instanceof StartError ? outcome.message : ''
  }

  const advice = 'when the users and domains in this database were made: set it back, or use another database.'

  it.each([
    [{ LOGIN_NAMES: 'realm' }, `LOGIN_NAMES is realm but was domain ${advice}`],
    [{ LOGIN_NAMES: 'domain', ROOT_DOMAIN: 'acme' }, `ROOT_DOMAIN is acme but was quobis ${advice}`],
    [{ ROOT_DOMAIN: 'acme' }, `LOGIN_NAMES is realm but was domain, and ROOT_DOMAIN is acme but was quobis ${advice}`],
  ])('can’t be changed to %j over the users of another setting', async (settings, sentence) => {
    await member(`kept-${JSON.stringify(settings).length}`, home)

    expect(await refusedStart(kitter, settings)).toBe(sentence)
  })

  it('can’t be changed over users of the root only, and can be again once they are gone', async () => {
    const used = await unused()
    {
      await using first = await startOver(used, {})
      await first.createUser('in-the-root')
    }
    expect(await refusedStart(used, { LOGIN_NAMES: 'domain' })).toContain('LOGIN_NAMES is domain but was realm')
    {
      await using same = await startOver(used, {})
      const { body } = await new NativeApi(same).listUsers()
      expect(body.users).toMatchObject([{ username: 'in-the-root', attributes: { domain: 'quobis' } }])
      await new NativeApi(same).removeUser(body.users[0]!.id)
    }
    await using other = await startOver(used, { LOGIN_NAMES: 'domain', ROOT_DOMAIN: 'Acme.com' })
    const { body } = await new NativeApi(other).listDomains()
    expect(body.domains).toMatchObject([
      { domain: 'acme.com', parent: null },
      { domain: 'anonymous', parent: 'acme.com' },
    ])
    expect(await other.createUser('in-acme')).toMatchObject({ attributes: { domain: 'acme.com' } })
  })

  it('are kept over a restart with the same ones, in any case', async () => {
    const used = await unused()
    {
      await using first = await startOver(used, { ROOT_DOMAIN: 'Acme.com' })
      await first.createDomain('sub.acme.com')
      await first.createUser('stays', { attributes: { domain: 'sub.acme.com' }, credentials })
    }
    await using second = await startOver(used, { ROOT_DOMAIN: 'acme.COM', LOGIN_NAMES: 'realm' })
    expect((await new NativeApi(second).findUser('sub.acme.com', 'stays')).status).toBe(200)
    expect(await second.logIn('stays', credentials.password)).toHaveProperty('access_token')
  })
})
