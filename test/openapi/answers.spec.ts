import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type ApiDocument,
  bodiesOf,
  operationsOf,
  pathOf,
  type PlacedOperation,
  statusesOf,
} from './api-document.fixture.ts'
import { BuiltKitter } from '../support/built-kitter.ts'
import type { Answer } from '../support/call.ts'
import { differencesOf } from './linter.fixture.ts'

let kitter: BuiltKitter
let document: ApiDocument
let operations: ReadonlyMap<string, PlacedOperation>

beforeAll(async () => {
  kitter = await BuiltKitter.start({ CALLER_ID_ENABLED: 'on', REMOTE_SIP_REGISTER_ENABLED: 'on' })
  document = (await kitter.call('GET', '/openapi.json', { token: null })).body as ApiDocument
  operations = new Map(operationsOf(document).map((operation) => [operation.operationId, operation]))
})
afterAll(() => kitter[Symbol.asyncDispose]())

function operationOf(id: string): PlacedOperation {
  const operation = operations.get(id)
  if (operation === undefined) throw new Error(`the document has no ${id}`)
  return operation
}

interface Sent {
  readonly path?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string>>
  readonly body?: unknown
}

function send(id: string, { path, query = {}, body }: Sent = {}): Promise<Answer> {
  const operation = operationOf(id)
  const token = operation.security?.length === 0 ? { token: null } : {}
  const search = new URLSearchParams(query).toString()
  return kitter.call(operation.method, `${pathOf(operation, path)}?${search}`, { ...token, body })
}

/** The id of something new. */
async function newDomain(fields: object = {}): Promise<string> {
  const { body } = await send('createDomain', { body: { domain: { domain: `d${randomUUID()}.example`, ...fields } } })
  return (body as { readonly domain: { readonly id: string } }).domain.id
}

async function newUser(fields: object = {}): Promise<string> {
  const { body } = await send('createUser', { body: { user: { username: `u${randomUUID()}`, ...fields } } })
  return (body as { readonly user: { readonly id: string } }).user.id
}

async function newEntry(): Promise<string> {
  const name = randomUUID()
  await send('createCallerIdEntry', { body: { name, value: '+34600000000' } })
  return name
}

async function operationOn(subject: string): Promise<string> {
  const { body } = await send('listOperations', { query: { subject } })
  return (body as { readonly operations: readonly [{ readonly id: string }] }).operations[0].id
}

/** As if it had been left with a step in the midst. */
async function newOperation(state: 'stuck' | 'settling'): Promise<string> {
  const id = randomUUID()
  const client = new pg.Client({ connectionString: kitter.databaseUrl })
  await client.connect()
  const step = { name: 'step', state: 'begun', tries: 1, begunAt: new Date().toISOString(), error: 'no' }
  const sql = `
    INSERT INTO kitter.operations (id, kind, subject, actor, actor_name, state, tries, reason, steps, lease_until)
    VALUES ($1, 'test', 'subject', 'actor', 'actor', $2, 3, 'no', $3, now() + interval '1 hour')`
  await client.query(sql, [id, state, JSON.stringify([step])]).finally(() => client.end())
  return id
}

interface Reconciliation {
  readonly id: string
  readonly state: string
}

function reconciliationIn({ body }: Answer): Reconciliation {
  return (body as { readonly reconciliation: Reconciliation }).reconciliation
}

/** One that has ended. Gives back the answer that it was started with. */
async function newReconciliation(wish: unknown = { scope: 'all' }): Promise<Answer> {
  const started = await send('startReconciliation', { body: wish })
  await endOf(started)
  return started
}

async function endOf(started: Answer): Promise<void> {
  const path = { id: reconciliationIn(started).id }
  const state = async (): Promise<string> => reconciliationIn(await send('readReconciliation', { path })).state
  await expect.poll(state, { timeout: 20_000, interval: 50 }).not.toBe('running')
}

interface Import {
  readonly id: string
  readonly state: string
}

function importIn({ body }: Answer): Import {
  return (body as { readonly import: Import }).import
}

/** One row is good, and one isn't. */
function newImport(): Promise<Answer> {
  const raw = `username,domain\nu${randomUUID()},quobis\nbad name,quobis\n`
  return kitter.call('POST', '/imports', { raw, headers: { 'content-type': 'text/csv' } })
}

async function pausedImport(): Promise<string> {
  const id = randomUUID()
  const client = new pg.Client({ connectionString: kitter.databaseUrl })
  await client.connect()
  const counts = { created: 0, updated: 0, skipped: 0, refused: 0, unsettled: 0, domains: 0 }
  const sql = `
    INSERT INTO kitter.imports (id, format, policy, started_by, state, counts, ended_at, lease_until, last_error)
    VALUES ($1, 'csv', '{"dryRun": false, "onExisting": "skip", "createDomains": false}', '{"subject": "x", "name": "x"}',
      'paused', $2, now(), now(), 'no')`
  await client.query(sql, [id, counts]).finally(() => client.end())
  return id
}

/** Something to find: a user and a domain whom each system has otherwise. */
async function newDrift(): Promise<void> {
  const [user, domain] = [await newUser({ email: `${randomUUID()}@example.com` }), await newDomain(settings)]
  const client = new pg.Client({ connectionString: kitter.databaseUrl })
  await client.connect()
  await client.query('UPDATE sandbox.accounts SET email = NULL, email_key = NULL WHERE id = $1', [user])
  await client.query(`UPDATE sandbox.wac_domains SET document = document || '{"origins": []}' WHERE id = $1`, [domain])
  await client.end()
}

const attributes = { phone_number: '577.401.1737 x5071', languages: ['es', 'gl'], team: 'support' }
const everything = {
  email: 'someone@example.com',
  first_name: 'Some',
  last_name: 'One',
  email_verified: true,
  enabled: false,
}
const settings = {
  enable_anonymous: true,
  anonymous_capabilities: ['call'],
  origins: ['/.*/'],
  remote_sip_register: true,
  services: { callcontrol: ['string'], xmpp: [] },
}

/** What a caller does who gets what they want, by operation. Most of it twice: with little and with a lot in it. */
const wishes: Readonly<Record<string, () => Promise<readonly Answer[]>>> = {
  listDomains: async () => {
    await newDomain(settings)
    return Promise.all([send('listDomains'), send('listDomains', { query: { name: 'quobis' } })])
  },
  createDomain: () =>
    Promise.all([
      send('createDomain', { body: { domain: { domain: 'little.example' } } }),
      send('createDomain', { body: { domain: { domain: 'a-lot.example', parent: 'quobis', ...settings } } }),
    ]),
  readDomain: async () => {
    const { body } = await send('listDomains', { query: { name: 'quobis' } })
    const [root] = (body as { readonly domains: readonly [{ readonly id: string }] }).domains
    const ids = [root.id, await newDomain(settings)]
    return Promise.all(ids.map((id) => send('readDomain', { path: { id } })))
  },
  updateDomain: async () => {
    const path = { id: await newDomain(settings) }
    return [
      await send('updateDomain', { path, body: {} }),
      await send('updateDomain', { path, body: { services: { xmpp: null } } }),
    ]
  },
  deleteDomain: async () => [await send('deleteDomain', { path: { id: await newDomain() } })],
  logOutDomain: async () => [await send('logOutDomain', { path: { id: await newDomain() } })],

  listUsers: async () => {
    await newUser({ ...everything, email: `${randomUUID()}@example.com`, attributes })
    await newUser()
    const query = { 'paginate[max]': '1', 'paginate[page]': '1', username: 'u', exact: 'false' }
    return Promise.all([send('listUsers'), send('listUsers', { query })])
  },
  searchUsers: async () => {
    await newUser({ ...everything, email: `${randomUUID()}@example.com`, attributes })
    await newUser()
    const query = { q: 'u', sort: '-created_at', limit: '1', 'contains[username]': 'u' }
    return Promise.all([send('searchUsers'), send('searchUsers', { query })])
  },
  createUser: () =>
    Promise.all([
      send('createUser', { body: { user: { username: 'little' } } }),
      send('createUser', { body: { user: { username: 'a-lot', ...everything, attributes } } }),
    ]),
  readUser: async () => {
    const ids = [await newUser(), await newUser({ attributes })]
    return Promise.all(ids.map((id) => send('readUser', { path: { id } })))
  },
  updateUser: async () => {
    const path = { id: await newUser({ attributes }) }
    return [
      await send('updateUser', { path, body: {} }),
      await send('updateUser', { path, body: { first_name: null, attributes: { team: null } } }),
    ]
  },
  deleteUser: async () => [await send('deleteUser', { path: { id: await newUser() } })],
  findUser: async () => {
    await newUser({ username: 'found' })
    return [await send('findUser', { path: { domain: 'quobis', username: 'found' } })]
  },
  sendPasswordResetMail: async () => {
    const path = { id: await newUser({ email: `${randomUUID()}@example.com` }) }
    return [await send('sendPasswordResetMail', { path })]
  },
  logOutUser: async () => [await send('logOutUser', { path: { id: await newUser() } })],
  logOutRealm: async () => [await send('logOutRealm')],

  listOperations: async () => {
    await newUser()
    return [
      await send('listOperations'),
      await send('listOperations', { query: { state: 'done', since: '2026-01-01' } }),
    ]
  },
  readOperation: async () => {
    const ids = [await operationOn(await newUser()), await newOperation('stuck'), await newOperation('settling')]
    return Promise.all(ids.map((id) => send('readOperation', { path: { id } })))
  },
  retryOperation: async () => [await send('retryOperation', { path: { id: await newOperation('stuck') } })],
  startReconciliation: async () => {
    const started = await newReconciliation()
    return [started, await newReconciliation({ scope: 'quobis', apply: true, adopt: true, delete: true })]
  },
  listReconciliations: async () => {
    await newReconciliation()
    return [await send('listReconciliations'), await send('listReconciliations', { query: { 'paginate[max]': '1' } })]
  },
  readReconciliation: async () => {
    const path = { id: reconciliationIn(await newReconciliation()).id }
    return [await send('readReconciliation', { path })]
  },
  listDifferences: async () => {
    await newDrift()
    const path = { id: reconciliationIn(await newReconciliation()).id }
    const outcomes = ['found', 'mended']
    return Promise.all(outcomes.map((outcome) => send('listDifferences', { path, query: { outcome } })))
  },
  cancelReconciliation: async () => {
    const started = await send('startReconciliation', { body: { scope: 'all' } })
    return [await send('cancelReconciliation', { path: { id: reconciliationIn(started).id } })]
  },
  listImports: async () => {
    await newImport()
    return [await send('listImports')]
  },
  startImport: async () => [await newImport()],
  readImport: async () => {
    const { id } = importIn(await newImport())
    const state = async (): Promise<string> => importIn(await send('readImport', { path: { id } })).state
    const running = await send('readImport', { path: { id } })
    await expect.poll(state, { timeout: 20_000, interval: 50 }).toBe('done')
    return [running, await send('readImport', { path: { id } })]
  },
  listImportRows: async () => {
    const path = { id: importIn(await newImport()).id }
    const total = async () => (await send('listImportRows', { path })).body
    await expect.poll(total, { timeout: 20_000, interval: 50 }).toMatchObject({ total: 2 })
    return [await send('listImportRows', { path })]
  },
  cancelImport: async () => [await send('cancelImport', { path: { id: await pausedImport() } })],
  resumeImport: async () => [await send('resumeImport', { path: { id: await pausedImport() } })],
  listAuditEntries: async () => {
    const id = await newUser()
    await send('updateUser', { path: { id }, body: { enabled: false } })
    await send('updateUser', { path: { id: randomUUID() }, body: {} })
    return [await send('listAuditEntries'), await send('listAuditEntries', { query: { subject: id } })]
  },

  listCallerIdEntries: async () => {
    await newEntry()
    return [await send('listCallerIdEntries')]
  },
  createCallerIdEntry: async () => [
    await send('createCallerIdEntry', { body: { name: 'a name', value: '+34600000000' } }),
  ],
  readCallerIdEntry: async () => [await send('readCallerIdEntry', { path: { name: await newEntry() } })],
  deleteCallerIdEntry: async () => [await send('deleteCallerIdEntry', { path: { name: await newEntry() } })],
  reloadCallerIdTable: async () => [await send('reloadCallerIdTable')],

  checkLiveness: async () => [await send('checkLiveness')],
  checkReadiness: async () => [await send('checkReadiness')],
}

describe('What the service answers', () => {
  it('is looked at for every operation of the document', () => {
    expect(Object.keys(wishes).toSorted()).toEqual([...operations.keys()].toSorted())
  })

  it.each(Object.entries(wishes))('to %s is what the document says', async (id, wish) => {
    const operation = operationOf(id)
    for (const answer of await wish()) {
      expect(answer.status).toBe(statusesOf(operation).find((status) => status < 400))
      if (answer.text !== '') expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
      expect(await differencesOf(document, operation, answer)).toEqual([])
    }
  })

  it('would not do with a field too many, too few, or of another type', async () => {
    const operation = operationOf('readUser')
    const { body } = await send('readUser', { path: { id: await newUser({ attributes }) } })
    const { id, ...others } = (body as { readonly user: Readonly<Record<string, unknown>> }).user
    const differences = async (user: object): Promise<string> =>
      (await differencesOf(document, operation, { status: 200, body: { user } })).join('\n')

    expect(await differences({ id, ...others })).toBe('')
    expect(await differences({ id, ...others, password: 'x' })).toContain('`password`')
    expect(await differences(others)).toContain("must have required property 'id'")
    expect(await differences({ ...others, id: 7 })).toContain('must be string')
    expect(await differences({ ...others, id: 'seven' })).toContain('must match format "uuid"')
    expect(await differences({ ...others, id, email: null })).toContain('must be string')
    expect(await differences({ ...others, id, attributes: { domain: 'quobis', team: null } })).toContain('team')
    expect(await differencesOf(document, operation, { status: 418, body: {} })).toEqual([
      'the status 418 is not documented',
    ])
    expect(await differencesOf(document, operation, { status: 200, body: undefined })).toEqual(['there is no body'])
  })
})

describe('What the document shows as a body', () => {
  it('is what the service takes', async () => {
    const bodies = (id: string): readonly unknown[] => bodiesOf(operationOf(id))
    for (const body of bodies('createDomain'))
      expect(await send('createDomain', { body })).toMatchObject({ status: 201 })
    for (const body of bodies('createUser')) expect(await send('createUser', { body })).toMatchObject({ status: 201 })
    const entries = bodies('createCallerIdEntry')
    for (const body of entries) expect(await send('createCallerIdEntry', { body })).toMatchObject({ status: 201 })

    for (const body of bodies('startReconciliation'))
      expect(await newReconciliation(body)).toMatchObject({ status: 202 })

    const domain = { id: await newDomain({ parent: 'example.com' }) }
    const user = { id: await newUser() }
    for (const body of bodies('updateDomain')) {
      expect(await send('updateDomain', { path: domain, body })).toMatchObject({ status: 200 })
    }
    for (const body of bodies('updateUser')) {
      expect(await send('updateUser', { path: user, body })).toMatchObject({ status: 200 })
    }
  })
})

describe('What the document shows as a query', () => {
  it('is what the service takes', async () => {
    for (const id of [
      'listDomains',
      'listUsers',
      'listCallerIdEntries',
      'listOperations',
      'listReconciliations',
      'listAuditEntries',
    ]) {
      const { parameters } = operationOf(id)
      const query = Object.fromEntries(parameters.map(({ name, schema }) => [name, String(schema.example)]))
      expect(await send(id, { query })).toMatchObject({ status: 200 })
    }
  })
})
