import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { TestKitter } from '../../support/test-kitter.ts'
import { DatabaseLook } from './database-look.fixture.ts'
import { type DomainShape, NativeApi, type Reply } from './native-api.fixture.ts'
import { answer, invalidBecause, refusal } from './refusal.fixture.ts'

const rounds = Array.from({ length: 20 }, (_, round) => round)
const nowhere = { kitter: 0, keycloak: 0, wacCore: 0 }
const everywhere = { kitter: 1, keycloak: 1, wacCore: 1 }
const oneOfEight = [201, ...Array<number>(7).fill(409)]
const credentials = { password: 'correct horse battery staple' }

const resources = new AsyncDisposableStack()
let kitter: TestKitter
let api: NativeApi
let look: DatabaseLook

beforeAll(async () => {
  kitter = resources.use(await TestKitter.start())
  api = new NativeApi(kitter)
  look = resources.use(await DatabaseLook.into(kitter))
})
afterEach(async () => {
  expect(await look.rows("SELECT kind, reason FROM kitter.operations WHERE state NOT IN ('done', 'undone')")).toEqual(
    [],
  )
  expect(await look.count('kitter.operation_claims')).toBe(0)
})
afterAll(() => resources.disposeAsync())

const eightTimes = <Result>(make: (index: number) => Promise<Result>): Promise<Result[]> =>
  Promise.all(Array.from({ length: 8 }, (_, index) => make(index)))

/** Both at once; in every other round the second sets off first. */
async function race<First, Second>(
  round: number,
  first: () => Promise<First>,
  second: () => Promise<Second>,
): Promise<[First, Second]> {
  if (round % 2 === 0) return Promise.all([first(), second()])
  const running = second()
  return Promise.all([first(), running])
}

const statusesOf = (answers: readonly Reply<unknown>[]): number[] => answers.map(({ status }) => status).toSorted()

/** Somebody makes a user at wac-core, and kitter doesn't know. */
async function wacUserBehindKittersBack(username: string, domain = 'quobis'): Promise<void> {
  const document = { domain, username, role: 'user', capabilities: [], mobilePhone: [] }
  await look.rows(
    'INSERT INTO sandbox.wac_users (id, document) VALUES ($1, $2)',
    randomUUID().replaceAll('-', '').slice(0, 24),
    JSON.stringify(document),
  )
}

const sipStatus = async (username: string): Promise<unknown> =>
  (await look.rows('SELECT status FROM sandbox.wac_sip_pool WHERE username = $1', username))[0]?.['status']

describe('A create that one system refuses', () => {
  it('leaves nothing when the SIP username is taken, and the names are free at once', async () => {
    await kitter.createUser('sip-owner', { sip_mapping: { username: '100', password: 'x' } })
    const user = { username: 'sip-late', email: 'sip-late@example.com', credentials }

    expect(await api.createUser({ ...user, sip_mapping: { username: '100', password: 'y' } })).toEqual(
      refusal(409, 'user.sip_mapping_taken', 'The SIP username belongs to another user already.'),
    )
    expect(await look.usersNamed('sip-late')).toEqual(nowhere)
    expect(await look.count('sandbox.wac_sip_mappings', "username = '100'")).toBe(1)
    expect((await api.findUser('quobis', 'sip-late')).status).toBe(404)
    expect(await kitter.logIn('sip-late', credentials.password)).toMatchObject({ error: 'invalid_grant' })

    expect((await api.createUser({ ...user, sip_mapping: { username: '101' } })).status).toBe(201)
    expect(await look.usersNamed('sip-late')).toEqual(everywhere)
    expect(await sipStatus('100')).toBe('assigned')
  })

  it.each([
    { what: 'username', username: 'kc-name', account: { name: 'KC-Name', email: 'a@x.com' }, code: 'user.name_taken' },
    {
      what: 'email',
      username: 'kc-mail',
      account: { name: 'other', email: 'KC-Mail@x.com' },
      code: 'user.email_taken',
    },
  ])('leaves nothing when only Keycloak knows the $what', async ({ username, account, code }) => {
    await look.keycloak.createAccount(account.name, account.email)
    const before = await look.keycloak.everything()
    const sip = `sip-${username}`
    const user = { username, email: `${username}@x.com`, credentials, sip_mapping: { username: sip } }

    expect(await api.createUser(user)).toEqual(refusal(409, code))
    expect(await look.usersNamed(username)).toMatchObject({ kitter: 0, wacCore: 0 })
    expect(await look.keycloak.everything()).toEqual(before)
    expect(await look.count('sandbox.wac_sip_mappings', 'username = $1', sip)).toBe(0)
    expect(await sipStatus(sip)).toBe('available')
  })

  it('leaves nothing when only wac-core knows the username', async () => {
    await wacUserBehindKittersBack('wac-name')

    expect(await api.createUser({ username: 'wac-name', email: 'wac-name@example.com', credentials })).toEqual(
      refusal(409, 'user.name_taken'),
    )
    expect(await look.usersNamed('wac-name')).toEqual({ kitter: 0, keycloak: 0, wacCore: 1 })
    await kitter.createUser('wac-name-2', { email: 'wac-name@example.com' })
  })
})

describe('An update that one system refuses', () => {
  async function everythingOf(id: string) {
    return {
      kitter: (await api.readUser(id)).body,
      row: await look.rows('SELECT * FROM kitter.users WHERE id = $1', id),
      keycloak: await look.accountAtKeycloak(id),
      wacCore: await look.userAtWacCore(id),
    }
  }

  async function somebody(username: string): Promise<string> {
    const attributes = { phone_number: '1', team: 'blue' }
    return (
      await kitter.createUser(username, { email: `${username}@example.com`, first_name: 'X', attributes, credentials })
    ).id
  }

  const changeOfAll = {
    first_name: 'Changed',
    last_name: 'Changed',
    enabled: false,
    attributes: { phone_number: '2', team: 'red', new: 'attribute' },
    credentials: { password: 'changed' },
  }

  it('is undone when only Keycloak knows the email', async () => {
    const id = await somebody('wants-drifted-mail')
    await look.keycloak.createAccount('drifted-1', 'drifted@example.com')
    const before = await everythingOf(id)

    expect(await api.updateUser(id, { ...changeOfAll, email: 'Drifted@Example.com' })).toEqual(
      refusal(409, 'user.email_taken'),
    )
    expect(await everythingOf(id)).toEqual(before)
    expect(await kitter.logIn('wants-drifted-mail', credentials.password)).toHaveProperty('access_token')
  })

  it('is undone when only Keycloak knows the username', async () => {
    const id = await somebody('wants-drifted-name')
    await look.keycloak.createAccount('drifted-name')
    const before = await everythingOf(id)

    expect(await api.updateUser(id, { ...changeOfAll, username: 'drifted-name' })).toEqual(
      refusal(409, 'user.name_taken'),
    )
    expect(await everythingOf(id)).toEqual(before)
    expect((await api.updateUser(id, { ...changeOfAll, username: 'drifted-name-2' })).status).toBe(200)
  })

  it('does nothing when only wac-core knows the username', async () => {
    const id = await somebody('wants-wac-name')
    await wacUserBehindKittersBack('drifted-wac-name')
    const before = await everythingOf(id)

    expect(await api.updateUser(id, { ...changeOfAll, username: 'drifted-wac-name' })).toEqual(
      refusal(409, 'user.name_taken'),
    )
    expect(await everythingOf(id)).toEqual(before)
  })

  it('does nothing when only wac-core knows the name in the domain to move to', async () => {
    await kitter.createDomain('drifted.example.com')
    const id = await somebody('moves-to-drift')
    await wacUserBehindKittersBack('moves-to-drift', 'drifted.example.com')
    const before = await everythingOf(id)

    const change = { ...changeOfAll, attributes: { domain: 'drifted.example.com' } }
    expect(await api.updateUser(id, change)).toEqual(refusal(409, 'user.name_taken'))
    expect(await everythingOf(id)).toEqual(before)
  })
})

describe('A change of a domain that wac-core refuses', () => {
  it('does nothing when only wac-core knows the new name', async () => {
    const { id } = await kitter.createDomain('refused-1.example.com')
    const child = await kitter.createDomain('child.refused-1.example.com', 'refused-1.example.com')
    await look.rows(
      `INSERT INTO sandbox.wac_domains (id, document)
      SELECT '${'f'.repeat(24)}', document || '{"domain":"drifted-domain.example.com"}' FROM sandbox.wac_domains WHERE id = $1`,
      child.id,
    )

    expect(await api.updateDomain(id, { domain: 'drifted-domain.example.com', enable_anonymous: true })).toEqual(
      refusal(409, 'domain.name_taken'),
    )
    const unchanged = { domain: 'refused-1.example.com', enable_anonymous: false }
    expect((await api.readDomain(id)).body.domain).toMatchObject(unchanged)
    expect(await look.domainAtWacCore(id)).toMatchObject({ domain: 'refused-1.example.com', enableAnonymous: false })
    expect(await look.domainAtWacCore(child.id)).toMatchObject({ parent: 'refused-1.example.com' })
  })

  it('is undone when a child can’t follow the new name', async () => {
    const { id } = await kitter.createDomain('refused-2.example.com')
    const children: DomainShape[] = []
    for (const name of ['a', 'b', 'c']) {
      const { body } = await api.createDomain({ domain: `${name}.refused-2`, parent: 'refused-2.example.com' })
      children.push(body.domain)
    }
    await look.rows('DELETE FROM sandbox.wac_domains WHERE id = $1', children[2]!.id)

    const { status } = await api.updateDomain(id, { domain: 'renamed-2.example.com' })
    expect(status).toBeGreaterThanOrEqual(400)
    expect((await api.readDomain(id)).body.domain.domain).toBe('refused-2.example.com')
    expect(await look.domainAtWacCore(id)).toMatchObject({ domain: 'refused-2.example.com' })
    for (const child of children)
      expect((await api.readDomain(child.id)).body.domain.parent).toBe('refused-2.example.com')
    for (const child of children.slice(0, 2))
      expect(await look.domainAtWacCore(child.id)).toMatchObject({ parent: 'refused-2.example.com' })
  })
})

describe('Deleting a user', () => {
  it('removes the account, the sessions, the user at wac-core and the SIP mapping, whose pool entry is free again', async () => {
    const { id } = await kitter.createUser('leaving', {
      email: 'leaving@example.com',
      credentials,
      sip_mapping: { username: '300', password: 'x' },
    })
    await kitter.logIn('leaving', credentials.password)
    await kitter.logIn('leaving', credentials.password, 'openid offline_access')
    expect(await look.keycloak.sessionsOf(id)).toBe(2)
    expect(await sipStatus('300')).toBe('assigned')

    expect((await api.removeUser(id)).status).toBe(204)
    expect(await look.usersNamed('leaving')).toEqual(nowhere)
    expect(await look.keycloak.sessionsOf(id)).toBe(0)
    expect(await look.count('sandbox.oidc_entries', 'session_id NOT IN (SELECT id FROM sandbox.sessions)')).toBe(0)
    expect(await look.count('sandbox.wac_sip_mappings', "username = '300'")).toBe(0)
    expect(await sipStatus('300')).toBe('available')

    const heir = { username: 'leaving', email: 'Leaving@example.com', sip_mapping: { username: '300' } }
    expect((await api.createUser(heir)).status).toBe(201)
    expect(await sipStatus('300')).toBe('assigned')
  })

  it.each([
    ['Keycloak', (username: string) => look.keycloak.removeAccount(username)],
    ['wac-core', (username: string) => look.rows('DELETE FROM sandbox.wac_users WHERE username = $1', username)],
  ])('removes what is left of one who is gone from %s already', async (system, removeThere) => {
    const username = `half-gone-from-${system.toLowerCase()}`
    const { id } = await kitter.createUser(username)
    await removeThere(username)

    expect((await api.removeUser(id)).status).toBe(204)
    expect(await look.usersNamed(username)).toEqual(nowhere)
    expect((await api.removeUser(id)).status).toBe(404)
    await kitter.createUser(username)
  })

  it('is done by one of two who come at once', async () => {
    for (const round of rounds) {
      const { id } = await kitter.createUser(`twice-deleted-${round}`)
      const answers = await Promise.all([api.removeUser(id), api.removeUser(id)])

      expect(statusesOf(answers)).toEqual([204, 404])
      expect(answers.find(({ status }) => status === 404)).toEqual(refusal(404, 'user.unknown'))
    }
  })
})

describe('Creates that come at once', () => {
  it('with one username: one is made', async () => {
    const answers = await eightTimes((index) =>
      api.createUser({ username: index % 2 === 0 ? 'eightfold' : 'EightFold', credentials }),
    )

    expect(statusesOf(answers)).toEqual(oneOfEight)
    for (const refused of answers.filter(({ status }) => status === 409))
      expect(refused).toEqual(refusal(409, 'user.name_taken'))
    expect(await look.usersNamed('eightfold')).toEqual(everywhere)
    const { body } = await api.findUser('quobis', 'eightfold')
    expect(answers.find(({ status }) => status === 201)!.body.user).toEqual(body)
  })

  it('with one email: one is made', async () => {
    const answers = await eightTimes((index) =>
      api.createUser({
        username: `mail-eight-${index}`,
        email: index % 2 === 0 ? 'eight@example.com' : 'EIGHT@example.com',
      }),
    )

    expect(statusesOf(answers)).toEqual(oneOfEight)
    for (const [index, { status, body }] of answers.entries()) {
      expect(await look.usersNamed(`mail-eight-${index}`)).toEqual(status === 201 ? everywhere : nowhere)
      if (status === 409) expect(body).toMatchObject({ code: 'user.email_taken' })
    }
  })

  it('with one SIP username: one is made, and of the others nothing', async () => {
    const answers = await eightTimes((index) =>
      api.createUser({ username: `sip-eight-${index}`, sip_mapping: { username: '400' } }),
    )

    expect(statusesOf(answers)).toEqual(oneOfEight)
    for (const [index, { status, body }] of answers.entries()) {
      expect(await look.usersNamed(`sip-eight-${index}`)).toEqual(status === 201 ? everywhere : nowhere)
      if (status === 409) expect(body).toMatchObject({ code: 'user.sip_mapping_taken' })
    }
    expect(await look.count('sandbox.wac_sip_mappings', "username = '400'")).toBe(1)
    expect(await sipStatus('400')).toBe('assigned')
  })

  it('with names of their own: all are made', async () => {
    const answers = await eightTimes((index) =>
      api.createUser({ username: `own-${index}`, email: `own-${index}@example.com`, credentials }),
    )

    expect(statusesOf(answers)).toEqual(Array(8).fill(201))
  })

  it('with a delete of the same name: the name has one owner, or none', async () => {
    for (const round of rounds) {
      const username = `reborn-${round}`
      const { id } = await kitter.createUser(username)
      const [removed, created] = await race(
        round,
        () => api.removeUser(id),
        () => api.createUser({ username }),
      )

      expect(removed.status).toBe(204)
      expect([201, 409]).toContain(created.status)
      expect(await look.usersNamed(username)).toEqual(created.status === 201 ? everywhere : nowhere)
    }
  })
})

describe('A domain that goes while somebody comes', () => {
  it('stays with the new user in it, or goes and the user is refused', async () => {
    for (const round of rounds) {
      const domain = `dying-${round}.example.com`
      const { id } = await kitter.createDomain(domain)
      const username = `settler-${round}`
      const [created, removed] = await race(
        round,
        () => api.createUser({ username, attributes: { domain } }),
        () => api.removeDomain(id),
      )

      if (created.status === 201) {
        expect(removed).toEqual(
          refusal(409, 'domain.not_empty', `The domain ${domain} still has 1 user and 0 subdomains.`),
        )
        expect(await look.usersNamed(username)).toEqual(everywhere)
        expect((await api.readDomain(id)).status).toBe(200)
      } else {
        expect(created).toEqual(invalidBecause('user.attributes.domain', 'names an unknown domain'))
        expect(removed.status).toBe(204)
        expect(await look.usersNamed(username)).toEqual(nowhere)
        expect(await look.domainAtWacCore(id)).toBeUndefined()
      }
    }
  })

  it('stays with the user who moves in, or goes and the user stays where they were', async () => {
    for (const round of rounds) {
      const domain = `closing-${round}.example.com`
      const { id } = await kitter.createDomain(domain)
      const user = await kitter.createUser(`mover-${round}`)
      const [moved, removed] = await race(
        round,
        () => api.updateUser(user.id, { attributes: { domain } }),
        () => api.removeDomain(id),
      )

      if (moved.status === 200) expect(removed).toEqual(refusal(409, 'domain.not_empty'))
      else {
        expect(moved).toEqual(invalidBecause('attributes.domain', 'names an unknown domain'))
        expect(removed.status).toBe(204)
      }
      const livesIn = moved.status === 200 ? domain : 'quobis'
      expect((await api.readUser(user.id)).body.user.attributes).toEqual({ domain: livesIn })
      expect(await look.userAtWacCore(user.id)).toMatchObject({ domain: livesIn })
    }
  })

  it('stays with its new subdomain, or goes and the subdomain is refused', async () => {
    for (const round of rounds) {
      const parent = `barren-${round}.example.com`
      const { id } = await kitter.createDomain(parent)
      const [created, removed] = await race(
        round,
        () => api.createDomain({ domain: `child.${parent}`, parent }),
        () => api.removeDomain(id),
      )

      if (created.status === 201)
        expect(removed).toEqual(
          refusal(409, 'domain.not_empty', `The domain ${parent} still has 0 users and 1 subdomain.`),
        )
      else {
        expect(created).toEqual(invalidBecause('domain.parent', 'names an unknown domain'))
        expect(removed.status).toBe(204)
        expect(await look.count('sandbox.wac_domains', 'domain = $1', `child.${parent}`)).toBe(0)
      }
    }
  })
})

describe('A domain into which users come all the time', () => {
  it('says at once that it can’t go and can’t be renamed', async () => {
    const { id } = await kitter.createDomain('busy.example.com')
    const attributes = { domain: 'busy.example.com' }
    await kitter.createUser('busy-first', { attributes })
    let coming = true
    const streams = eightTimes(async (stream) => {
      for (let number = 0; coming; number += 1) await kitter.createUser(`busy-${stream}-${number}`, { attributes })
    })

    try {
      expect(await api.removeDomain(id)).toEqual(refusal(409, 'domain.not_empty'))
      expect(await api.updateDomain(id, { domain: 'quiet.example.com' })).toEqual(refusal(409, 'domain.not_empty'))
    } finally {
      coming = false
      await streams
    }
  })
})

describe('A domain that is renamed while somebody comes', () => {
  it('keeps its name with the new user in it, or the user is refused', async () => {
    for (const round of rounds) {
      const domain = `renaming-${round}.example.com`
      const { id } = await kitter.createDomain(domain)
      const username = `newcomer-${round}`
      const [created, renamed] = await race(
        round,
        () => api.createUser({ username, attributes: { domain } }),
        () => api.updateDomain(id, { domain: `renamed-${round}.example.com` }),
      )

      if (created.status === 201) {
        expect(renamed).toEqual(refusal(409, 'domain.not_empty'))
        expect((await api.findUser(domain, username)).status).toBe(200)
      } else {
        expect(created).toEqual(invalidBecause('user.attributes.domain', 'names an unknown domain'))
        expect(renamed.status).toBe(200)
        expect(await look.usersNamed(username)).toEqual(nowhere)
      }
    }
  })
})

describe('Domains that are moved at once', () => {
  it('never close a loop of two', async () => {
    for (const round of rounds) {
      const [a, b] = [`left-${round}.example.com`, `right-${round}.example.com`]
      const left = await kitter.createDomain(a)
      const right = await kitter.createDomain(b)
      const answers = await Promise.all([
        api.updateDomain(left.id, { parent: b }),
        api.updateDomain(right.id, { parent: a }),
      ])

      expect(statusesOf(answers)).toEqual([200, 409])
      expect(answers.find(({ status }) => status === 409)).toEqual(refusal(409, 'domain.loop'))
      const parents = [left, right].map(async ({ id }) => (await api.readDomain(id)).body.domain.parent)
      expect((await Promise.all(parents)).toSorted()).toEqual([answers[0].status === 200 ? b : a, 'quobis'].toSorted())
    }
  })

  it('never close a loop of three', async () => {
    for (const round of rounds.slice(0, 10)) {
      const names = ['one', 'two', 'three'].map((name) => `${name}-${round}.example.com`)
      const ids: string[] = []
      for (const name of names) ids.push((await kitter.createDomain(name)).id)
      const answers = await Promise.all(
        ids.map((id, index) => api.updateDomain(id, { parent: names[(index + 1) % 3]! })),
      )

      expect(statusesOf(answers)).toEqual([200, 200, 409])
      expect(answers.find(({ status }) => status === 409)).toEqual(refusal(409, 'domain.loop'))
    }
  })

  it('both keep what else is changed of them', async () => {
    for (const round of rounds.slice(0, 10)) {
      const { id } = await kitter.createDomain(`busy-${round}.example.com`)
      await kitter.createDomain(`busy-home-${round}.example.com`)
      const changes = [
        { parent: `busy-home-${round}.example.com` },
        { enable_anonymous: true },
        { origins: ['https://example.com'] },
        { services: { login: ['a'] } },
        { services: { xmpp: ['b'] } },
      ]
      const answers = await Promise.all(changes.map((change) => api.updateDomain(id, change)))

      expect(statusesOf(answers)).toEqual(Array(5).fill(200))
      expect(await api.readDomain(id)).toEqual(
        answer(200, {
          domain: {
            id,
            domain: `busy-${round}.example.com`,
            enable_anonymous: true,
            anonymous_capabilities: [],
            origins: ['https://example.com'],
            parent: `busy-home-${round}.example.com`,
            remote_sip_register: false,
            services: { login: ['a'], xmpp: ['b'] },
          },
        }),
      )
    }
  })
})
