import { randomUUID } from 'node:crypto'
import { counted, type Footprint } from './footprint.fixture.ts'
import type { Call, Lab } from './lab.fixture.ts'
import type { Bait } from './trap.fixture.ts'

/** Where a change can be caught. */
export interface Point {
  readonly name: string
  readonly system: 'wac-core' | 'Keycloak' | 'journal'
  readonly bait: Bait
}

/** A change that is about to be asked for. */
export interface Act {
  readonly call: Call
  readonly points: readonly Point[]
  /** Whether the change is there as a whole, given how it was before. */
  readonly isDone: (now: Footprint, before: Footprint) => boolean
}

export interface Scenario {
  readonly name: string
  /** Keeps the whole tree of domains for itself. */
  readonly takesTree?: boolean
  /** Makes what has to be there before, of a name that is nobody else's. */
  arrange(lab: Lab, name: string): Promise<Act>
}

export const domain = 'acme'
export const otherDomain = 'globex'

function loginWith(name: string): object {
  const attributes = { domain, phone_number: `+${name}`, team: ['red', 'blue'] }
  return { username: name, email: `${name}@example.com`, first_name: 'Ann', last_name: 'Other', attributes }
}

const password = { password: 'correct horse battery staple' }

function creation(name: string, more: object, points: readonly Point[]): Act {
  const call = { method: 'POST', path: '/users', body: { user: { ...loginWith(name), ...more } }, key: randomUUID() }
  const sips = 'sip_mapping' in more ? 1 : 0
  const whole = JSON.stringify({ users: 1, accounts: 1, wacUsers: 1, sipMappings: sips, domains: 0, wacDomains: 0 })
  return {
    call,
    points: [
      {
        name: 'first word',
        system: 'journal',
        bait: ['UPDATE kitter.operations SET learned', 'wac-core: create user', name],
      },
      { name: 'create user', system: 'wac-core', bait: ['POST /sapi/users ', `"${name}"`] },
      ...points,
      { name: 'create account', system: 'Keycloak', bait: ['INSERT INTO sandbox.accounts', name] },
      { name: 'commit', system: 'journal', bait: ['INSERT INTO kitter.users', name] },
    ],
    isDone: (now) => JSON.stringify(counted(now)) === whole,
  }
}

export interface Existing {
  readonly id: string
  readonly communicationsId: string
}

export async function existing(lab: Lab, name: string, more: object = {}): Promise<Existing> {
  const { status, body } = await lab.call(undefined, {
    method: 'POST',
    path: '/users',
    body: { user: { ...loginWith(name), ...more } },
  })
  if (status !== 201) throw new Error(`no user ${name}: ${JSON.stringify(body)}`)
  const { id } = body.user as { readonly id: string }
  const [row] = await lab.rows<{ id: string }>('SELECT communications_id AS id FROM kitter.users WHERE id = $1', id)
  if (lab.isReal) return { id, communicationsId: row?.id ?? '' }
  await lab.rows(
    `INSERT INTO sandbox.sessions (id, account_id, offline, expires_at) VALUES ($1, $2, false, now() + interval '1 hour')`,
    randomUUID(),
    id,
  )
  return { id, communicationsId: row?.id ?? '' }
}

const atWacCore = ({ communicationsId }: Existing): Point => ({
  name: 'update user',
  system: 'wac-core',
  bait: ['PUT /sapi/users/', communicationsId],
})
const atKeycloak = ({ id }: Existing): Point => ({
  name: 'update account',
  system: 'Keycloak',
  bait: ['UPDATE sandbox.accounts', id],
})
const sessions = ({ id }: Existing): Point => ({
  name: 'end sessions',
  system: 'Keycloak',
  bait: ['DELETE FROM sandbox.sessions', id],
})
const commit = ({ id }: Existing): Point => ({ name: 'commit', system: 'journal', bait: ['UPDATE kitter.users', id] })

function update(
  name: string,
  change: Readonly<Record<string, unknown>>,
  points: readonly ((user: Existing) => Point)[],
  isDone: Act['isDone'],
): Scenario {
  return {
    name: `user.update ${name}`,
    arrange: async (lab, word) => {
      const user = await existing(lab, word, { credentials: password })
      const body = JSON.parse(JSON.stringify(change).replaceAll('NAME', word)) as unknown
      const call = { method: 'PATCH', path: `/users/${user.id}`, body }
      return { call, points: points.map((point) => point(user)), isDone }
    },
  }
}

export function changedTo(fields: Readonly<Record<string, unknown>>): Act['isDone'] {
  return ({ users: [user = {}] }) =>
    Object.entries(fields).every(([field, value]) => JSON.stringify(user[field]) === JSON.stringify(value))
}

/** Whoever is held while it claims holds up all that live in the same domain. */
const claiming: Scenario = {
  name: 'user.create in a domain of its own',
  arrange: async (lab, name) => {
    await existingDomain(lab, `for-${name}`)
    const { call, isDone } = creation(name, { attributes: { domain: `for-${name}` } }, [])
    return {
      call,
      points: [{ name: 'claims', system: 'journal', bait: ['INSERT INTO kitter.operation_claims', `login:${name}`] }],
      isDone: (now, before) => isDone({ ...now, domains: [], wacDomains: [] }, before),
    }
  },
}

const userScenarios: readonly Scenario[] = [
  claiming,
  { name: 'user.create', arrange: (_, name) => Promise.resolve(creation(name, {}, [])) },
  {
    name: 'user.create with password and SIP mapping',
    arrange: (_, name) => {
      const sip = { username: name, password: 'sip secret' }
      const mapping: Point = { name: 'create mapping', system: 'wac-core', bait: ['POST /sapi/sipMappings/', name] }
      return Promise.resolve(creation(name, { credentials: password, sip_mapping: sip }, [mapping]))
    },
  },
  update(
    'names and attributes',
    { first_name: 'Eve', email: 'NAME@example.org', attributes: { team: ['green'], phone_number: '+2' } },
    [atWacCore, atKeycloak, commit],
    changedTo({ first_name: 'Eve', phone_number: '+2', attributes: { team: ['green'] } }),
  ),
  update('username', { username: 'renamed-NAME' }, [atWacCore, atKeycloak, commit], ({ users: [user] }) =>
    String(user?.['username']).startsWith('renamed-'),
  ),
  update(
    'attributes in Keycloak only',
    { attributes: { team: null, colour: 'red' } },
    [atKeycloak, commit],
    changedTo({ attributes: { colour: ['red'] } }),
  ),
  update(
    'names and password',
    { first_name: 'Eve', credentials: { password: 'another password' } },
    [atWacCore, atKeycloak, sessions, commit],
    (now, before) => changedTo({ first_name: 'Eve' })(now, before) && hashOf(now) !== hashOf(before),
  ),
  update('disabling', { enabled: false }, [atKeycloak, sessions, commit], changedTo({ enabled: false })),
  update(
    'move',
    { attributes: { domain: otherDomain } },
    [atWacCore, atKeycloak, commit],
    changedTo({ domain: otherDomain }),
  ),
  {
    name: 'user.delete',
    arrange: async (lab, name) => {
      const user = await existing(lab, name, { sip_mapping: { username: name, password: 'sip secret' } })
      return {
        call: { method: 'DELETE', path: `/users/${user.id}` },
        points: [
          { name: 'delete user', system: 'wac-core', bait: ['DELETE /sapi/users/', user.communicationsId] },
          { name: 'delete account', system: 'Keycloak', bait: ['DELETE FROM sandbox.accounts', user.id] },
          { name: 'commit', system: 'journal', bait: ['DELETE FROM kitter.users', user.id] },
        ],
        isDone: (now) => Object.values(counted(now)).every((count) => count === 0),
      }
    },
  },
]

const settingPassword: Point = {
  name: 'set password',
  system: 'Keycloak',
  bait: ['UPDATE sandbox.accounts SET password_hash'],
}

/** Where the realm hashes passwords itself: each is set by a step of its own, which nobody else can make again. */
export const plainPasswordUpdate = update(
  'names and a plain password',
  { first_name: 'Eve', credentials: { password: 'another password' } },
  [atKeycloak, ({ id }) => ({ ...settingPassword, bait: [...settingPassword.bait, id] }), sessions, commit],
  (now, before) => changedTo({ first_name: 'Eve' })(now, before) && hashOf(now) !== hashOf(before),
)

/** Only one at a time: nobody knows the user's id before. */
export const plainPasswordCreation: Scenario = {
  name: 'user.create with a plain password',
  arrange: (_, name) => {
    const { call, isDone } = creation(name, { credentials: password }, [])
    return Promise.resolve({
      call,
      points: [settingPassword],
      isDone: (now, before) => isDone(now, before) && typeof hashOf(now) === 'string',
    })
  },
}

export async function existingDomain(lab: Lab, name: string, parent = 'quobis'): Promise<string> {
  const { status, body } = await lab.call(undefined, {
    method: 'POST',
    path: '/domains',
    body: { domain: { domain: name, parent } },
  })
  if (status !== 201) throw new Error(`no domain ${name}: ${JSON.stringify(body)}`)
  return (body as { readonly domain: { readonly id: string } }).domain.id
}

const domainScenarios: readonly Scenario[] = [
  {
    name: 'domain.create',
    arrange: (_, name) =>
      Promise.resolve({
        call: { method: 'POST', path: '/domains', body: { domain: { domain: name } }, key: randomUUID() },
        points: [
          { name: 'create domain', system: 'wac-core', bait: ['POST /sapi/domains', name] },
          { name: 'commit', system: 'journal', bait: ['INSERT INTO kitter.domains', name] },
        ],
        isDone: ({ domains, wacDomains }) => domains.length === 1 && wacDomains.length === 1,
      }),
  },
  {
    name: 'domain.update',
    arrange: async (lab, name) => {
      const id = await existingDomain(lab, name)
      return {
        call: { method: 'PATCH', path: `/domains/${id}`, body: { origins: ['https://a.example'] } },
        points: [
          { name: 'update domain', system: 'wac-core', bait: ['PUT /sapi/domains/', id] },
          { name: 'commit', system: 'journal', bait: ['UPDATE kitter.domains', id] },
        ],
        isDone: ({ domains: [changed] }) => JSON.stringify(changed?.['origins']).includes('a.example'),
      }
    },
  },
  {
    name: 'domain.update rename over a child',
    takesTree: true,
    arrange: async (lab, name) => {
      const id = await existingDomain(lab, name)
      const child = await existingDomain(lab, `child-${name}`, name)
      return {
        call: { method: 'PATCH', path: `/domains/${id}`, body: { domain: `renamed-${name}` } },
        points: [
          { name: 'update domain', system: 'wac-core', bait: ['PUT /sapi/domains/', id] },
          { name: 'update child', system: 'wac-core', bait: ['PUT /sapi/domains/', child] },
          { name: 'commit', system: 'journal', bait: ['UPDATE kitter.domains', id] },
        ],
        isDone: ({ domains }) =>
          domains.some((each) => each['name'] === `renamed-${name}`) &&
          domains.some((each) => each['parent'] === `renamed-${name}`),
      }
    },
  },
  {
    name: 'domain.delete',
    arrange: async (lab, name) => {
      const id = await existingDomain(lab, name)
      return {
        call: { method: 'DELETE', path: `/domains/${id}` },
        points: [
          { name: 'delete domain', system: 'wac-core', bait: ['DELETE /sapi/domains/', id] },
          { name: 'commit', system: 'journal', bait: ['DELETE FROM kitter.domains', id] },
        ],
        isDone: (now) => Object.values(counted(now)).every((count) => count === 0),
      }
    },
  },
]

export const scenarios: readonly Scenario[] = [...userScenarios, ...domainScenarios]

const longOnly = [
  ...['user.create', 'user.update username', 'user.update attributes in Keycloak only', 'user.update disabling'],
  'domain.update',
]

/** Enough to see every kind of step. */
export const shortScenarios = scenarios.filter(({ name }) => !longOnly.includes(name))

function hashOf({ accounts: [account] }: Footprint): unknown {
  return account?.['password_hash']
}
