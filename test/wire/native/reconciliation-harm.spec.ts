import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestKitter } from '../../support/test-kitter.ts'
import type { DatabaseLook } from './database-look.fixture.ts'
import { everywhere, type Meddler } from './drift.fixture.ts'
import { MeddledKitter } from './meddled-kitter.fixture.ts'
import { patience, reconcile } from './reconciliation-api.fixture.ts'

const all = { apply: true, adopt: true, delete: true } as const
const resources = new AsyncDisposableStack()
let kitter: TestKitter
let look: DatabaseLook
let meddler: Meddler

beforeAll(async () => {
  ;({ kitter, look, meddler } = resources.use(await MeddledKitter.start()))
})
afterAll(() => resources.disposeAsync())

/** A mending that a replica left when it had asked Keycloak and got no answer: it's made again until nothing can come late. */
async function leftMending(id: string): Promise<string> {
  const operation = randomUUID()
  const [row] = await look.rows('SELECT * FROM kitter.users WHERE id = $1', id)
  const user = {
    ...{ id, username: row?.['username'], domain: row?.['domain'], attributes: row?.['attributes'] },
    ...{ email: row?.['email'], emailVerified: true, enabled: true, firstName: 'First', phoneNumber: '+34 1' },
  }
  const goal = { user, loginName: row?.['login_name'], communicationsId: row?.['communications_id'] }
  const step = { tries: 1, begunAt: new Date().toISOString() }
  const steps = [
    { name: 'wac-core: align user', state: 'done', ...step },
    { name: 'keycloak: align account', state: 'begun', ...step },
  ]
  const payload = { goal, before: goal, createsAccount: false }
  await look.rows(
    `INSERT INTO kitter.operations (id, kind, subject, actor, state, payload, steps, lease_until, effect_at)
    VALUES ($1, 'user.reconcile', $2, 'somebody', 'settling', $3, $4, now() + interval '1 hour', now())`,
    ...[operation, id, JSON.stringify(payload), JSON.stringify(steps)],
  )
  const sql = 'INSERT INTO kitter.operation_claims (operation, key, shared) VALUES ($1, $2, false)'
  await look.rows(sql, operation, `user:${id}`)
  return operation
}

async function settle(operation: string): Promise<void> {
  const tries = async (): Promise<number> =>
    Number((await look.rows('SELECT tries FROM kitter.operations WHERE id = $1', operation))[0]?.['tries'])
  const before = await tries()
  await look.rows('UPDATE kitter.operations SET lease_until = now() WHERE id = $1', operation)
  await expect.poll(tries, patience).toBeGreaterThan(before)
  const isIdle = async (): Promise<unknown> =>
    (await look.rows('SELECT NOT carried AS idle FROM kitter.operations WHERE id = $1', operation))[0]?.['idle']
  await expect.poll(isIdle, patience).toBe(true)
}

describe('A reconciliation that may do all', () => {
  it.each([{}, all])('leaves a user alone who is just being created, and says nothing of it: %j', async (wish) => {
    const username = `being-created-${Object.keys(wish).length}`
    await look.rows('BEGIN')
    await look.rows('LOCK TABLE sandbox.accounts IN SHARE MODE')
    const creating = kitter.call('POST', '/users', { body: { user: { username } } })
    await expect.poll(() => look.count('sandbox.wac_users', 'username = $1', username), patience).toBe(1)
    const reconciling = reconcile(kitter, wish)
    const looks = (): Promise<number> => look.count('kitter.reconciliations', "state = 'running' AND phase = 'users'")
    await expect.poll(looks, patience).toBeGreaterThan(0)
    await look.rows('COMMIT')
    expect((await creating).status).toBe(201)
    expect((await reconciling).differences).toEqual([])
    expect(await look.usersNamed(username)).toEqual(everywhere)
  })

  it('finds a second domain and a second phone number in Keycloak, and takes them away', async () => {
    const id = await meddler.whole('doubled')
    const second = JSON.stringify({ domain: ['quobis', 'elsewhere.example'], phone_number: ['+34 1', '+34 9'] })
    await look.rows('UPDATE sandbox.accounts SET attributes = attributes || $2 WHERE id = $1', id, second)
    const { differences } = await reconcile(kitter, { apply: true })
    expect(differences.map(({ outcome, fields }) => [outcome, fields.map(({ field }) => field)])).toEqual([
      ['mended', ['phone_number', 'domain']],
    ])
    const account = await look.accountAtKeycloak(id)
    expect(account?.attributes).toMatchObject({ domain: ['quobis'], phone_number: ['+34 1'] })
    expect(await reconcile(kitter)).toMatchObject({ differences: [] })
  })

  it.each(['kitter-admin', 'kitter-domain-admin', 'kitter-viewer'])(
    'gives no domain to an account with the role %s that kitter never made',
    async (role) => {
      await look.keycloak.createAccount(`holds-${role}`)
      const [row] = await look.rows('SELECT id FROM sandbox.accounts WHERE login_key = $1', `holds-${role}`)
      const id = String(row?.['id'])
      await look.keycloak.giveRole(id, role)
      expect((await reconcile(kitter, all)).differences).toEqual([])
      // nor where somebody at wac-core says that it is kitter's
      const communicationsId = await meddler.addAtWacCore({ username: `holds-${role}`, externalId: id })
      const { differences } = await reconcile(kitter, all)
      expect(differences).toMatchObject([{ id, outcome: 'refused' }])
      expect((await look.accountAtKeycloak(id))?.attributes).toEqual({})
      await look.rows('DELETE FROM sandbox.wac_users WHERE id = $1', communicationsId)
    },
  )

  it('is not held up by a user whom somebody spoiled at wac-core', async () => {
    const [spoiled, other] = [await meddler.whole('spoiled'), await meddler.whole('beside-it')]
    await look.keycloak.changeAccount(other, { firstName: 'Other' })
    await look.rows(
      "UPDATE sandbox.wac_users SET document = document || '{\"mobilePhone\": [12]}' WHERE document ->> 'externalId' = $1",
      spoiled,
    )
    const { state, differences } = await reconcile(kitter, { apply: true })
    expect(state).toBe('done')
    expect(differences.find(({ id }) => id === other)).toMatchObject({ outcome: 'mended' })
    expect(await look.usersNamed('spoiled')).toEqual(everywhere)
  })
})

describe('A mending that was left and is made again', () => {
  it('believes Keycloak by then: who was disabled stays so', async () => {
    const id = await meddler.whole('disabled-meanwhile')
    const operation = await leftMending(id)
    await look.keycloak.changeAccount(id, { enabled: false, email: 'changed@example.org', firstName: 'Newer' })
    await settle(operation)
    const now = { enabled: false, email: 'changed@example.org', first_name: 'Newer' }
    expect(await look.accountAtKeycloak(id)).toMatchObject(now)
  })

  it('makes no account again that somebody has removed meanwhile', async () => {
    const id = await meddler.whole('removed-meanwhile')
    const operation = await leftMending(id)
    await look.keycloak.removeAccount('removed-meanwhile')
    await settle(operation)
    expect(await look.accountAtKeycloak(id)).toBeUndefined()
  })
})

describe('A system that lacks very many', () => {
  it('keeps a reconciliation from mending, unless it is forced', async () => {
    await using meddled = await MeddledKitter.start()
    const { kitter: own, look: ownLook } = meddled
    for (let index = 0; index < 22; index++) await own.createUser(`one-of-many-${index}`)
    await ownLook.rows('DELETE FROM sandbox.accounts')
    const failed = await reconcile(own, all)
    expect(failed).toMatchObject({ state: 'failed', differences: [] })
    const { body } = await own.call('GET', `/reconciliations/${failed.id}`)
    expect(body.reconciliation.last_error).toContain('Keycloak lacks 22 of 22 users.')
    expect(await ownLook.count('kitter.users')).toBe(22)
    const forced = await reconcile(own, { ...all, force: true })
    expect(forced.state).toBe('done')
    expect(await ownLook.count('kitter.users')).toBe(0)
  })
})
