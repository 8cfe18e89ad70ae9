import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TestKitter } from '../../support/test-kitter.ts'
import { DatabaseLook } from './database-look.fixture.ts'
import { NativeApi } from './native-api.fixture.ts'
import { answer, invalid, invalidBecause, pathsIn, refusal } from './refusal.fixture.ts'

const home = 'example.com'
const elsewhere = 'elsewhere.example.com'

const resources = new AsyncDisposableStack()
let kitter: TestKitter
let api: NativeApi
let look: DatabaseLook

beforeAll(async () => {
  kitter = resources.use(await TestKitter.start())
  api = new NativeApi(kitter)
  look = resources.use(await DatabaseLook.into(kitter))
  await kitter.createDomain(home)
  await kitter.createDomain(elsewhere)
})
afterAll(() => resources.disposeAsync())

/** A user with a value in every field. */
async function somebody(username: string) {
  const { id } = await kitter.createUser(username, {
    email: `${username}@example.com`,
    first_name: 'John',
    last_name: 'Doe',
    email_verified: true,
    attributes: { domain: home, phone_number: '205', team: 'blue', floors: ['1', '2'] },
  })
  return (await api.readUser(id)).body.user
}

describe('Updating a user', () => {
  it('changes the bare fields that are given and keeps the rest', async () => {
    const before = await somebody('partly')
    const updated = await api.updateUser(before.id, { last_name: 'Smith', enabled: false })

    const user = { ...before, last_name: 'Smith', enabled: false }
    expect(updated).toEqual(answer(200, { user }))
    expect(await api.readUser(before.id)).toEqual(answer(200, { user }))
    expect(await look.accountAtKeycloak(before.id)).toMatchObject({
      last_name: 'Smith',
      first_name: 'John',
      enabled: false,
    })
  })

  it('can change everything at once, in all three places', async () => {
    const { id } = await somebody('wholly')
    const change = {
      username: 'wholly-new',
      email: 'Wholly.New@example.com',
      enabled: false,
      first_name: 'ジョン 🎉',
      last_name: 'דו',
      email_verified: false,
      attributes: { domain: elsewhere, phone_number: '577.401.1737 x5071', team: 'red', floors: ['3'] },
    }
    const user = { id, ...change, attributes: { ...change.attributes, floors: '3' } }

    expect(await api.updateUser(id, change)).toEqual(answer(200, { user }))
    expect(await api.findUser(elsewhere, 'wholly-new')).toEqual(answer(200, user))
    expect(await look.accountAtKeycloak(id)).toMatchObject({
      login_name: 'wholly-new',
      email: 'wholly.new@example.com',
      email_verified: false,
      enabled: false,
      first_name: 'ジョン 🎉',
      last_name: 'דו',
      attributes: { domain: [elsewhere], phone_number: ['577.401.1737 x5071'], team: ['red'], floors: ['3'] },
    })
    expect(await look.userAtWacCore(id)).toMatchObject({
      domain: elsewhere,
      username: 'wholly-new',
      displayName: 'ジョン 🎉',
      email: 'Wholly.New@example.com',
      mobilePhone: ['577.401.1737 x5071'],
    })
  })

  it('changes nothing when nothing is given', async () => {
    const user = await somebody('untouched')

    for (const change of [{}, { attributes: {} }, { ...user }])
      expect(await api.updateUser(user.id, change)).toEqual(answer(200, { user }))
  })

  it('clears with null', async () => {
    const { id } = await somebody('cleared')
    const user = {
      id,
      username: 'cleared',
      enabled: true,
      email_verified: true,
      attributes: { domain: home, team: 'blue', floors: ['1', '2'] },
    }

    expect(
      await api.updateUser(id, { email: null, first_name: null, last_name: null, attributes: { phone_number: null } }),
    ).toEqual(answer(200, { user }))
    expect(await look.accountAtKeycloak(id)).toMatchObject({
      email: null,
      first_name: null,
      last_name: null,
      attributes: { domain: [home], team: ['blue'], floors: ['1', '2'] },
    })
    const { displayName, email, mobilePhone } = (await look.userAtWacCore(id)) ?? {}
    expect({ displayName, email, mobilePhone }).toEqual({ displayName: undefined, email: undefined, mobilePhone: [] })
    await kitter.createUser('cleared-2', { email: 'cleared@example.com' })
  })

  it('merges attributes key by key, and null or an empty list removes one', async () => {
    const { id } = await somebody('merged')
    const attributes = { team: ['green', 'blue'], floors: [], colour: ['teal'], nothing: null }

    const { body } = await api.updateUser(id, { attributes })
    expect(body.user.attributes).toEqual({
      domain: home,
      phone_number: '205',
      team: ['green', 'blue'],
      colour: 'teal',
    })
    expect((await api.readUser(id)).body).toEqual(body)
    expect((await api.updateUser(id, { attributes: { team: null } })).body.user.attributes).toEqual({
      domain: home,
      phone_number: '205',
      colour: 'teal',
    })
  })

  it('ignores an id', async () => {
    const user = await somebody('same-id')

    expect(await api.updateUser(user.id, { id: '550e8400-e29b-41d4-a716-446655440000', last_name: 'X' })).toEqual(
      answer(200, { user: { ...user, last_name: 'X' } }),
    )
  })

  it('refuses fields wrapped in a user, a SIP mapping, and what it doesn’t know', async () => {
    const user = await somebody('wrapped')
    const { status, body } = await api.updateUser(user.id, {
      user: { last_name: 'X' },
      sip_mapping: { username: '1' },
      last_name: 'Y',
      phone_number: '1',
    })

    expect(status).toBe(400)
    expect(pathsIn(body)).toEqual(['phone_number', 'sip_mapping', 'user'])
    expect(await api.readUser(user.id)).toEqual(answer(200, { user }))
  })

  it('doesn’t clear what every user has', async () => {
    const user = await somebody('not-clearable')

    for (const field of ['username', 'enabled', 'email_verified', 'attributes', 'credentials'])
      expect(await api.updateUser(user.id, { [field]: null, last_name: 'X' })).toEqual(invalid(field))
    expect(await api.readUser(user.id)).toEqual(answer(200, { user }))
  })

  it('keeps what Keycloak and wac-core know of a user and kitter doesn’t', async () => {
    const { id } = await somebody('foreign')
    await look.rows(
      `UPDATE sandbox.wac_users SET document = document || '{"role":"admin","locale":"es","mobilePhone":["205","999"]}'
      WHERE document ->> 'externalId' = $1`,
      id,
    )
    await look.keycloak.giveAttribute(id, 'theirs', 'kept')
    await look.keycloak.giveRole(id, 'offline_access')
    const { status } = await api.updateUser(id, { first_name: 'Jim', attributes: { phone_number: '206', team: 'red' } })

    expect(status).toBe(200)
    expect(await look.userAtWacCore(id)).toMatchObject({
      displayName: 'Jim',
      role: 'admin',
      locale: 'es',
      mobilePhone: ['206', '999'],
    })
    expect(await look.accountAtKeycloak(id)).toMatchObject({
      first_name: 'Jim',
      attributes: { theirs: ['kept'], team: ['red'], phone_number: ['206'] },
      roles: expect.arrayContaining(['offline_access']) as unknown,
    })
  })
})

describe('Renaming a user', () => {
  it('keeps the new name lower-case and composed, and frees the old one', async () => {
    const { id } = await somebody('before-rename')

    expect((await api.updateUser(id, { username: 'AFTER-Re\u0301name' })).body.user.username).toBe('after-r\u00e9name')
    expect((await api.findUser(home, 'before-rename')).status).toBe(404)
    expect(await look.usersNamed('before-rename')).toEqual({ kitter: 0, keycloak: 0, wacCore: 0 })
    await kitter.createUser('before-rename')
  })

  it('takes the user’s own name, in any case', async () => {
    const user = await somebody('own-name')

    expect(await api.updateUser(user.id, { username: 'OWN-name' })).toEqual(answer(200, { user }))
  })

  it('refuses a name that another user has, also in another domain, and changes nothing', async () => {
    const user = await somebody('wants-a-name')
    await kitter.createUser('has-a-name', { attributes: { domain: elsewhere } })

    expect(await api.updateUser(user.id, { username: 'Has-A-Name', last_name: 'X' })).toEqual(
      refusal(409, 'user.name_taken', 'There is a user with this username already.'),
    )
    expect(await api.readUser(user.id)).toEqual(answer(200, { user }))
    expect(await look.userAtWacCore(user.id)).toMatchObject({ username: 'wants-a-name' })
  })
})

describe('Changing a user’s email', () => {
  it('takes the user’s own address in another case', async () => {
    const user = await somebody('recased')
    const email = 'ReCased@Example.com'

    expect(await api.updateUser(user.id, { email })).toEqual(answer(200, { user: { ...user, email } }))
    expect(await look.accountAtKeycloak(user.id)).toMatchObject({ email: email.toLowerCase() })
  })

  it('refuses the address of another user in any case, and changes nothing', async () => {
    const user = await somebody('wants-a-mail')
    await kitter.createUser('has-a-mail', { email: 'Has@Mail.example.com' })

    expect(await api.updateUser(user.id, { email: 'has@mail.EXAMPLE.com', first_name: 'X' })).toEqual(
      refusal(409, 'user.email_taken', 'There is a user with this email address already.'),
    )
    expect(await api.readUser(user.id)).toEqual(answer(200, { user }))
    expect(await look.userAtWacCore(user.id)).toMatchObject({ displayName: 'John', email: 'wants-a-mail@example.com' })
  })

  it('frees the old address', async () => {
    const { id } = await somebody('old-mail')
    await api.updateUser(id, { email: 'new-mail@example.com' })

    await kitter.createUser('takes-old-mail', { email: 'OLD-mail@example.com' })
  })
})

describe('Moving a user', () => {
  it('puts the user into another domain, and keeps the name', async () => {
    const user = await somebody('moved')
    const after = { ...user, attributes: { ...user.attributes, domain: elsewhere } }

    expect(await api.updateUser(user.id, { attributes: { domain: 'ELSEWHERE.example.com' } })).toEqual(
      answer(200, { user: after }),
    )
    expect((await api.findUser(home, 'moved')).status).toBe(404)
    expect(await api.findUser(elsewhere, 'moved')).toEqual(answer(200, after))
    expect(await look.userAtWacCore(user.id)).toMatchObject({ domain: elsewhere })
    expect(await look.accountAtKeycloak(user.id)).toMatchObject({ attributes: { domain: [elsewhere] } })
  })

  it('takes null for the root', async () => {
    const { id } = await somebody('rootward')

    expect((await api.updateUser(id, { attributes: { domain: null } })).body.user.attributes).toMatchObject({
      domain: 'quobis',
    })
  })

  it('refuses an unknown domain, and changes nothing', async () => {
    const user = await somebody('unmoved')
    const change = { first_name: 'X', attributes: { domain: 'nowhere.example.com', team: 'red' } }

    expect(await api.updateUser(user.id, change)).toEqual(
      invalidBecause('attributes.domain', 'names an unknown domain'),
    )
    expect(await api.readUser(user.id)).toEqual(answer(200, { user }))
  })

  it('lets the old domain go', async () => {
    const domain = await kitter.createDomain('left.example.com')
    const { id } = await kitter.createUser('leaver', { attributes: { domain: 'left.example.com' } })
    expect((await api.removeDomain(domain.id)).status).toBe(409)
    await api.updateUser(id, { attributes: { domain: home } })

    expect((await api.removeDomain(domain.id)).status).toBe(204)
  })
})

describe('Changes of one user at once', () => {
  it('all survive when they are of different fields', async () => {
    for (let round = 0; round < 5; round += 1) {
      const user = await somebody(`fields-${round}`)
      const changes = [
        { first_name: 'New first' },
        { last_name: 'New last' },
        { email: `new-fields-${round}@example.com` },
        { email_verified: false },
        { enabled: false },
        { attributes: { phone_number: '999' } },
        { attributes: { team: 'red' } },
        { attributes: { floors: null } },
      ]
      const answers = await Promise.all(changes.map((change) => api.updateUser(user.id, change)))

      expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200))
      const after = {
        id: user.id,
        username: `fields-${round}`,
        email: `new-fields-${round}@example.com`,
        enabled: false,
        first_name: 'New first',
        last_name: 'New last',
        email_verified: false,
        attributes: { domain: home, phone_number: '999', team: 'red' },
      }
      expect(await api.readUser(user.id)).toEqual(answer(200, { user: after }))
      expect(await look.userAtWacCore(user.id)).toMatchObject({
        displayName: 'New first',
        email: `new-fields-${round}@example.com`,
        mobilePhone: ['999'],
      })
      expect(await look.accountAtKeycloak(user.id)).toMatchObject({
        email: `new-fields-${round}@example.com`,
        enabled: false,
        first_name: 'New first',
        last_name: 'New last',
        attributes: { domain: [home], phone_number: ['999'], team: ['red'] },
      })
    }
  })

  it('all survive when one is a rename and one a move', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { id } = await somebody(`moving-${round}`)
      const answers = await Promise.all([
        api.updateUser(id, { username: `moved-${round}` }),
        api.updateUser(id, { attributes: { domain: elsewhere } }),
        api.updateUser(id, { first_name: 'Jim' }),
      ])

      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
      expect(await api.findUser(elsewhere, `moved-${round}`)).toMatchObject({ body: { id, first_name: 'Jim' } })
      expect(await look.userAtWacCore(id)).toMatchObject({ domain: elsewhere, username: `moved-${round}` })
      expect(await look.accountAtKeycloak(id)).toMatchObject({ login_name: `moved-${round}` })
    }
  })

  it('leave one name, when both are renames: the same in all places, and the other free', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { id } = await somebody(`renamed-${round}`)
      const names = [`renamed-a-${round}`, `renamed-b-${round}`]
      const answers = await Promise.all(names.map((username) => api.updateUser(id, { username })))

      expect(answers.map(({ status }) => status)).toEqual([200, 200])
      const { username } = (await api.readUser(id)).body.user
      expect(names).toContain(username)
      expect(await look.userAtWacCore(id)).toMatchObject({ username })
      expect(await look.accountAtKeycloak(id)).toMatchObject({ login_name: username })
      for (const free of [`renamed-${round}`, ...names.filter((name) => name !== username)])
        await kitter.createUser(free)
    }
  })

  it('give a name to one of two users who want it', async () => {
    for (let round = 0; round < 10; round += 1) {
      const users = [await somebody(`rival-a-${round}`), await somebody(`rival-b-${round}`)]
      const answers = await Promise.all(users.map(({ id }) => api.updateUser(id, { username: `prize-${round}` })))

      expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409])
      expect(answers.find(({ status }) => status === 409)).toEqual(refusal(409, 'user.name_taken'))
      expect(await look.usersNamed(`prize-${round}`)).toEqual({ kitter: 1, keycloak: 1, wacCore: 1 })
      const kept = users.filter((_, index) => answers[index]!.status === 409)
      for (const user of kept) expect(await api.readUser(user.id)).toEqual(answer(200, { user }))
    }
  })

  it('end with the user gone when one is its deletion', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { id } = await somebody(`doomed-${round}`)
      const [updated, removed] = await Promise.all([
        api.updateUser(id, { first_name: 'Jim', username: `damned-${round}` }),
        api.removeUser(id),
      ])

      expect([200, 404]).toContain(updated.status)
      expect(removed.status).toBe(204)
      for (const name of [`doomed-${round}`, `damned-${round}`])
        expect(await look.usersNamed(name)).toEqual({ kitter: 0, keycloak: 0, wacCore: 0 })
    }
  })
})
