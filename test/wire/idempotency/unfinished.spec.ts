import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { TestKitter } from '../../support/test-kitter.ts'
import { startTestWacCore, type TestWacCore } from '../../support/wac-core.ts'
import { DatabaseLook } from '../native/database-look.fixture.ts'
import { isReplay, newKey, post, told } from './keyed-calls.fixture.ts'

const patience = { timeout: 15_000, interval: 50 }
const recovery = { lateSeconds: 2, firstSeconds: 0.2 }

let resources: AsyncDisposableStack
let wacCore: TestWacCore
let kitter: TestKitter
let look: DatabaseLook

beforeEach(async () => {
  resources = new AsyncDisposableStack()
  wacCore = await startTestWacCore()
  resources.defer(() => wacCore.stop())
})
afterEach(() => resources.disposeAsync())

/** How long a key is kept for whoever works on its request and may have died. */
function withLeaseOf(keyLeaseSeconds: number): void {
  beforeEach(async () => {
    kitter = resources.use(await startKitter(keyLeaseSeconds))
    look = resources.use(await DatabaseLook.into(kitter))
  })
}

/** One that is in a hurry; a further one is a replica of the first. */
function startKitter(keyLeaseSeconds: number, settings: Readonly<Record<string, string>> = {}): Promise<TestKitter> {
  const systems = { WAC_CORE_URL: wacCore.url, WAC_CORE_TOKEN: wacCore.token }
  return TestKitter.start({ ...systems, ...settings }, undefined, undefined, { keyLeaseSeconds, recovery })
}

const call = () => ({ key: newKey(), body: { user: { username: 'anna', email: 'anna@example.com' } } })

async function usersAtWacCore(): Promise<number> {
  return (await wacCore.call('GET', 'users?username=anna')).length
}

async function usersEverywhere(): Promise<readonly number[]> {
  const counts = [look.count('kitter.users'), look.count('sandbox.accounts', "login_name = 'anna'")]
  return [...(await Promise.all(counts)), await usersAtWacCore()]
}

/** Until it's answered otherwise than that it runs. */
async function insist(given: ReturnType<typeof call>) {
  let answer = await post(kitter, '/users', given)
  const status = async (): Promise<string> => {
    answer = await post(kitter, '/users', given)
    return answer.body.code ?? 'done'
  }
  if (answer.body.code === 'operation.in_progress')
    await expect.poll(status, patience).not.toBe('operation.in_progress')
  return answer
}

describe('A request that came to nothing', () => {
  withLeaseOf(1)

  it.each([
    ['because a system is away', { status: 429 }, 503],
    ['because a system refused', { status: 500 }, 502],
  ])('%s is made anew', async (_, fault, status) => {
    const given = call()
    wacCore.faults.order({ route: 'POST /users', ...fault })
    const first = await post(kitter, '/users', given)
    expect([first.status, isReplay(first)]).toEqual([status, 'false'])
    wacCore.faults.clear()
    const second = await post(kitter, '/users', given)
    expect([second.status, isReplay(second)]).toEqual([201, 'false'])
    expect(await usersEverywhere()).toEqual([1, 1, 1])
  })
})

describe('A request whose operation is not settled', () => {
  withLeaseOf(1)

  it('is told so under its id until it is undone, and is made anew then', async () => {
    const given = call()
    wacCore.faults.order({ drop: 'after' })
    const first = await post(kitter, '/users', given)
    expect(first).toMatchObject({ status: 504, body: { code: 'operation.unfinished' } })
    expect(isReplay(first)).toBe('false')
    wacCore.faults.clear()

    const second = await post(kitter, '/users', given)
    expect(told(second)).toEqual(told(first))
    expect(isReplay(second)).toBe('true')
    const other = { ...given, body: { user: { username: 'berta' } } }
    expect((await post(kitter, '/users', other)).status).toBe(422)

    const answers = [second]
    const status = async (): Promise<number> => {
      answers.push(await post(kitter, '/users', given))
      return answers.at(-1)?.status ?? 0
    }
    await expect.poll(status, patience).toBe(201)
    expect(new Set(answers.slice(0, -1).map((answer) => JSON.stringify(told(answer)))).size).toBe(1)
    expect(isReplay(answers.at(-1)!)).toBe('false')
    expect(await usersEverywhere()).toEqual([1, 1, 1])
    const again = await post(kitter, '/users', given)
    expect([again.text, isReplay(again)]).toEqual([answers.at(-1)?.text, 'true'])
  })

  it('is told so also while nothing else could be told', async () => {
    const given = call()
    wacCore.faults.order({ drop: 'after' })
    const first = await post(kitter, '/users', given)
    expect(first.status).toBe(504)
    expect(told(await post(kitter, '/users', given))).toEqual(told(first))
  })
})

describe('A request that was done, but whose answer was lost', () => {
  // longer than the next request takes to come
  withLeaseOf(3)

  /** Whoever wants to keep an answer breaks off, as if it had died. */
  beforeEach(async () => {
    await look.rows(`
      CREATE FUNCTION public.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN IF NEW.outcome IS NOT NULL THEN RAISE EXCEPTION 'no'; END IF; RETURN NEW; END $$`)
    await look.rows(
      'CREATE TRIGGER refuse BEFORE UPDATE ON kitter.idempotency_keys FOR EACH ROW EXECUTE FUNCTION public.refuse()',
    )
  })
  const mend = () => look.rows('DROP TRIGGER refuse ON kitter.idempotency_keys')

  it('is answered as it was then, and done once', async () => {
    const given = call()
    const first = await post(kitter, '/users', given)
    expect(first.status).toBe(201)
    expect((await post(kitter, '/users', given)).body.code).toBe('operation.in_progress')
    await mend()
    const second = await insist(given)
    expect([second.status, second.text, isReplay(second)]).toEqual([201, first.text, 'true'])
    expect(await usersEverywhere()).toEqual([1, 1, 1])
    expect(await look.count('kitter.operations', "kind = 'user.create'")).toBe(1)
    const third = await post(kitter, '/users', given)
    expect([third.text, isReplay(third)]).toEqual([first.text, 'true'])
    expect(JSON.stringify(await look.rows('SELECT * FROM kitter.operations'))).not.toContain('anna@example.com')
  })

  it('is so for a domain as well', async () => {
    const given = { key: newKey(), body: { domain: { domain: 'example.com', origins: ['https://example.com'] } } }
    const first = await post(kitter, '/domains', given)
    await mend()
    let second = await post(kitter, '/domains', given)
    const status = async (): Promise<number> => {
      second = await post(kitter, '/domains', given)
      return second.status
    }
    await expect.poll(status, patience).toBe(201)
    expect([first.status, second.text, isReplay(second)]).toEqual([201, first.text, 'true'])
  })

  it('may be done again where that does no more harm than before: nothing is in the journal', async () => {
    const key = newKey()
    expect((await post(kitter, '/users/logout', { key })).status).toBe(200)
    expect((await post(kitter, '/users/logout', { key })).status).toBe(409)
    await mend()
    const status = async (): Promise<number> => (await post(kitter, '/users/logout', { key })).status
    await expect.poll(status, patience).toBe(200)
  })
})

describe('A request that runs', () => {
  withLeaseOf(1)

  it('is not run a second time, on any replica, for as long as it takes', async () => {
    await using other = await startKitter(1, { DATABASE_URL: kitter.databaseUrl })
    const given = call()
    wacCore.faults.order({ route: 'POST /users', latencyMs: 6000, times: 1 })
    const running = post(kitter, '/users', given)
    await expect.poll(() => look.count('kitter.idempotency_keys'), patience).toBe(1)
    // more than twice the lease
    const end = performance.now() + 2200
    while (performance.now() < end) {
      for (const replica of [kitter, other]) {
        const answer = await post(replica, '/users', { ...given, token: kitter.adminToken })
        expect(answer).toMatchObject({ status: 409, body: { code: 'operation.in_progress' } })
        expect([answer.headers.get('retry-after'), isReplay(answer)]).toEqual(['1', 'false'])
      }
      await pause(100)
    }
    const first = await running
    expect([first.status, isReplay(first)]).toEqual([201, 'false'])
    const second = await post(other, '/users', { ...given, token: kitter.adminToken })
    expect([second.text, isReplay(second)]).toEqual([first.text, 'true'])
    expect(await usersEverywhere()).toEqual([1, 1, 1])
  })
})
