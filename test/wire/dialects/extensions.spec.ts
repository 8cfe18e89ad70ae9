import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Answer } from '../../support/test-kitter.ts'
import { DatabaseLook } from '../native/database-look.fixture.ts'
import { reconcile } from '../native/reconciliation-api.fixture.ts'
import { ProbeClient } from './probe-client.fixture.ts'
import { resultIn } from './probe-dialect.fixture.ts'

const domain = 'extended.example'
const pin = '4711-is-secret'

const resources = new AsyncDisposableStack()
let probe: ProbeClient
let look: DatabaseLook
beforeAll(async () => {
  probe = resources.use(await ProbeClient.start())
  look = resources.use(await DatabaseLook.into(probe.kitter))
  await probe.kitter.createDomain(domain)
})
afterAll(() => resources.disposeAsync())

async function made(username: string, document: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const answer = await probe.call('PUT', '/probe/users', { body: { username, domain, ...document } })
  return String(resultIn(answer.body)['id'])
}

const merge = (id: string, body: Readonly<Record<string, unknown>>): Promise<Answer> =>
  probe.call('PATCH', `/probe/users/${id}`, { body })

async function extensionOf(id: string): Promise<unknown> {
  return resultIn((await probe.call('GET', `/probe/users/${id}`)).body)['extension']
}

async function operationsOf(id: string) {
  const { body } = await probe.kitter.call('GET', `/operations?subject=${id}`)
  return body.operations as { kind: string; state: string; steps: { name: string }[] }[]
}

describe('What a dialect keeps beside a user', () => {
  it('comes with a user that is made, and is none where the dialect has not seen the user', async () => {
    const document = { ring: { tone: 'a', ключ: [1, null, { deep: true }] }, constructor: 'x', pin }
    expect(await extensionOf(await made('with', document))).toEqual(document)
    const native = await probe.kitter.createUser('without', { attributes: { domain } })
    expect(resultIn((await probe.call('GET', `/probe/users/${native.id}`)).body)).not.toHaveProperty('extension')
  })

  it('is changed by an operation that asks no other system anything', async () => {
    const id = await made('alone', { a: 1 })
    expect(resultIn((await merge(id, { b: 2 })).body)).toMatchObject({ extension: { a: 1, b: 2 } })
    const [update] = await operationsOf(id)
    expect(update).toMatchObject({ kind: 'user.update', state: 'done', steps: [] })
  })

  it('is changed together with the rest of the user', async () => {
    const id = await made('together', { a: 1 })
    await merge(id, { first_name: 'New', b: 2 })
    expect(await look.accountAtKeycloak(id)).toMatchObject({ first_name: 'New' })
    expect(await extensionOf(id)).toEqual({ a: 1, b: 2 })
  })

  it('is not changed where the rest is refused', async () => {
    await made('taken')
    const id = await made('refused', { a: 1 })
    expect((await merge(id, { username: 'taken', a: 2 })).status).toBe(409)
    expect(await extensionOf(id)).toEqual({ a: 1 })
  })

  it('keeps what any number of changes at once each say', async () => {
    const id = await made('crowded')
    const keys = Array.from({ length: 12 }, (_, index) => `key-${index}`)
    const answers = await Promise.all(keys.map((key) => merge(id, { [key]: key })))
    expect(answers.map(({ status }) => status)).toEqual(keys.map(() => 200))
    expect(await extensionOf(id)).toEqual(Object.fromEntries(keys.map((key) => [key, key])))
  })

  it('is left alone by a decision that refuses, also one that refuses only once it is its turn', async () => {
    const id = await made('guarded')
    const answers = await Promise.all(['a', 'b', 'c'].map((who) => merge(id, { refuse: 'first', first: who })))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409, 409])
    const first = answers.find(({ status }) => status === 200)?.body.result.extension.first as unknown
    expect(await extensionOf(id)).toEqual({ first })
    const states = (await operationsOf(id)).map(({ state }) => state)
    expect(states.filter((state) => state === 'done')).toHaveLength(2)
    expect(states.filter((state) => state !== 'done' && state !== 'undone')).toEqual([])
    expect((await merge(id, { second: true })).status).toBe(200)
  })

  it('stays with a user that is renamed, moved or disabled, and goes with the user', async () => {
    await probe.kitter.createDomain('elsewhere.extended.example', domain)
    const id = await made('stays', { a: 1 })
    const change = { username: 'stays-renamed', enabled: false, attributes: { domain: 'elsewhere.extended.example' } }
    expect((await probe.kitter.call('PATCH', `/users/${id}`, { body: change })).status).toBe(200)
    expect(await extensionOf(id)).toEqual({ a: 1 })
    expect((await probe.kitter.call('DELETE', `/users/${id}`)).status).toBe(204)
    expect(await look.rows('SELECT FROM kitter.user_extensions WHERE user_id = $1', id)).toEqual([])
  })

  it('stays with a user that reconciliation mends or makes again, and goes with one that it removes', async () => {
    const [mended, remade, removed] = [
      await made('mended', { a: 1 }),
      await made('remade', { a: 2 }),
      await made('removed', { a: 3 }),
    ]
    await look.keycloak.changeAccount(mended, { firstName: 'Elsewhere' })
    await look.keycloak.removeAccount('remade')
    await reconcile(probe.kitter, { apply: true, force: true })
    expect(resultIn((await probe.call('GET', `/probe/users/${mended}`)).body)).toMatchObject({
      user: { firstName: 'Elsewhere' },
      extension: { a: 1 },
    })
    expect(await look.accountAtKeycloak(remade)).toBeDefined()
    expect(await extensionOf(remade)).toEqual({ a: 2 })
    await look.keycloak.removeAccount('removed')
    await reconcile(probe.kitter, { apply: true, delete: true, force: true })
    expect((await probe.call('GET', `/probe/users/${removed}`)).status).toBe(404)
    expect(await look.rows('SELECT FROM kitter.user_extensions WHERE user_id = $1', removed)).toEqual([])
  })

  it('is told to the audit trail by its keys, never by what they say', async () => {
    const id = await made('told', { pin, ring: { tone: 'a' }, same: [{ b: 1, a: 2 }] })
    await merge(id, { pin: `${pin}!`, ring: { tone: 'b' }, same: [{ a: 2, b: 1 }], new: null })
    const { body, text } = await probe.kitter.call('GET', `/audit?subject=${id}`)
    const [updated, created] = body.entries as { after: object; before?: object }[]
    expect(created?.after).toMatchObject({ username: 'told', probe: ['pin', 'ring', 'same'] })
    expect(updated).toMatchObject({ before: {}, after: { probe: ['new', 'pin', 'ring'] } })
    expect(text).not.toContain(pin)
  })

  it('is refused where no database could keep it', async () => {
    const id = await made('kept', { a: 1 })
    const deep = JSON.parse(`${'{"a":'.repeat(1000)}1${'}'.repeat(1000)}`) as object
    for (const [what, document] of [
      ['a NUL', { b: 'x\0y' }],
      ['a NUL in a name', { 'x\0y': 1 }],
      ['half a pair', { b: '\ud800' }],
      ['depth', { b: deep }],
    ] as const) {
      const answer = await merge(id, document)
      expect([answer.status, answer.body.code], what).toEqual([400, 'request.invalid'])
    }
    expect((await merge(id, { b: '\\u0000 \ud83c\udf89' })).status).toBe(200)
    expect(await extensionOf(id)).toEqual({ a: 1, b: '\\u0000 \ud83c\udf89' })
  })
})
