import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { describeWith } from '../../support/real.ts'
import type { Answer, TestKitter } from '../../support/test-kitter.ts'
import { BadDay, everywhere, nowhere, seen } from './bad-day.fixture.ts'

const patience = { timeout: 10_000, interval: 20 }
const html = '<!doctype html><html><body>Welcome</body></html>'

describeWith('keycloak', 'A wac-core that answers a create', () => {
  let day: BadDay
  let kitter: TestKitter
  let next = 0
  beforeAll(async () => {
    day = await BadDay.dawn()
    kitter = await day.kitter()
  })
  afterAll(() => day[Symbol.asyncDispose]())
  beforeEach(() => void day.log.taken())
  afterEach(() => day.wacCore.faults.clear())

  function create(username: string): Promise<Answer> {
    const user = { username, credentials: { password: 'a secret of hers' } }
    return kitter.call('POST', '/users', { body: { user } })
  }

  function expectUnfinished(answer: Answer): void {
    expect(seen(answer)).toEqual({ status: 504, code: 'operation.unfinished' })
    expect(answer.body.operation).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
    // the name stays taken until it's settled, and the log tells of it in one line
    const [line, ...more] = day.log.lines
    expect(more).toEqual([])
    expect(line).toMatchObject({ level: 'error', status: 504, err: { operation: answer.body.operation } })
    expect(day.log.text).not.toContain('a secret of hers')
  }

  it.each([
    ['with 500', { status: 500 }],
    ['with 500 and a page for people', { status: 500, body: html }],
    ['with 400', { status: 400 }],
    ['with 404 and a page for people', { status: 404, body: html }],
  ])('%s has refused: nothing is there, and the name is free', async (_, fault) => {
    const username = `refused-${++next}`
    day.wacCore.faults.order({ route: 'POST /users', ...fault })
    expect(seen(await create(username))).toEqual({ status: 502, code: 'system.refused' })
    expect(day.log.lines).toMatchObject([{ level: 'error', msg: 'request failed', status: 502 }])
    day.wacCore.faults.clear()
    expect(await day.whereabouts(kitter, username)).toEqual(nowhere)
    expect((await create(username)).status).toBe(201)
    expect(await day.whereabouts(kitter, username)).toEqual(everywhere)
  })

  it.each([
    ['with 200 and rubbish', { status: 200, body: { ok: true } }],
    ['with 200 and another kind of id', { status: 200, body: { id: 7 } }],
    ['with 200 and text', { status: 200, body: 'OK' }],
    ['with 200 and a page for people', { status: 200, body: html }],
    ['with 502 of a proxy', { status: 502, body: html }],
    ['by closing the connection, without having done it', { drop: 'before' as const }],
  ])('%s leaves it open: nobody can log in, the operation has an id, the name waits', async (_, fault) => {
    const username = `open-${++next}`
    day.wacCore.faults.order({ route: 'POST /users', ...fault, times: 1 })
    expectUnfinished(await create(username))
    expect(await day.whereabouts(kitter, username)).toEqual(nowhere)
    expect(seen(await create(username))).toMatchObject({ status: 409 })
  })

  it('by closing the connection after having done it is done all the same', async () => {
    const username = `done-${++next}`
    day.wacCore.faults.order({ route: 'POST /users', drop: 'after', times: 1 })
    expect((await create(username)).status).toBe(201)
    expect(await day.whereabouts(kitter, username)).toEqual(everywhere)
  })

  it('too late for the caller, who has gone, is told to the log all the same', async () => {
    day.wacCore.faults.order({ route: 'POST /users', latencyMs: 2000, status: 500, times: 1 })
    const caller = new AbortController()
    const gone = fetch(`${kitter.url}/users`, {
      method: 'POST',
      headers: { authorization: `Bearer ${kitter.adminToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ user: { username: 'impatient' } }),
      signal: caller.signal,
    })
    const left = expect(gone).rejects.toThrow()
    await expect.poll(() => day.wacCore.faults.list(), patience).toEqual([])
    caller.abort()
    await left
    await expect.poll(() => day.log.saying(/^request failed/), patience).toHaveLength(1)
    expect(await day.whereabouts(kitter, 'impatient')).toEqual(nowhere)
  })

  it('and lists nonsense for what it has: what kitter keeps itself is read all the same', async () => {
    const { id } = await kitter.createUser(`readable-${++next}`)
    day.wacCore.faults.order({ status: 200, body: html })
    expect((await kitter.call('GET', `/users/${id}`)).status).toBe(200)
    expect((await kitter.call('GET', '/domains')).status).toBe(200)
    expect(seen(await kitter.call('PATCH', `/users/${id}`, { body: { first_name: 'N' } }))).toMatchObject({
      status: 502,
    })
    day.wacCore.faults.clear()
    expect((await kitter.call('PATCH', `/users/${id}`, { body: { first_name: 'N' } })).status).toBe(200)
  })
})
