import { createHash, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Answer } from '../../support/test-kitter.ts'
import { KazooClient, type TestAccount } from './kazoo-client.fixture.ts'

const resources = new AsyncDisposableStack()
let kazoo: KazooClient
beforeAll(async () => {
  kazoo = resources.use(await KazooClient.start({ KAZOO_USER_AUTH: 'on', TRUST_PROXY: 'on', LOGIN_NAMES: 'domain' }))
})
afterAll(() => resources.disposeAsync())

const right = 'right'
const credentialsOf = (password: string): string => createHash('md5').update(`anna:${password}`).digest('hex')

/** An account with the user anna. */
async function place(attributes: object = {}): Promise<TestAccount & { readonly user: string }> {
  const account = await kazoo.account()
  const { id } = await kazoo.kitter.createUser('anna', {
    credentials: { password: right },
    attributes: { domain: account.domain, ...attributes },
  })
  return { ...account, user: id }
}

let networks = 0
const newAddress = (): string => `2001:db8:0:${(networks += 1).toString(16)}::1`

function signIn(where: object, password: string, address: string): Promise<Answer> {
  const data = { credentials: credentialsOf(password), ...where }
  return kazoo.send('PUT', '/v2/user_auth', data, { token: null, headers: { 'x-forwarded-for': address } })
}

const at = ({ domain }: TestAccount): object => ({ account_name: domain })

/** Never so many at once that some of them would wait too long for their turn. */
async function failures(count: number, where: object, address: string): Promise<readonly number[]> {
  const statuses = new Set<number>()
  for (let left = count; left > 0; left -= 20) {
    const tries = Array.from({ length: Math.min(left, 20) }, () => signIn(where, 'wrong', address))
    for (const { status } of await Promise.all(tries)) statuses.add(status)
  }
  return [...statuses].toSorted()
}

/** Whatever needs the table can't be answered meanwhile. */
async function whileAway(table: string, work: () => Promise<void>): Promise<void> {
  await kazoo.look.rows(`ALTER TABLE kitter.${table} RENAME TO away`)
  try {
    await work()
  } finally {
    await kazoo.look.rows(`ALTER TABLE kitter.away RENAME TO ${table}`)
  }
}

describe('What has not failed is no failed try:', () => {
  it('many right ones at once, whichever way', async () => {
    const account = await place()
    const address = newAddress()
    const signedIn = await Promise.all(Array.from({ length: 30 }, () => signIn(at(account), right, address)))
    expect(signedIn.map(({ status }) => status)).toEqual(Array.from({ length: 30 }, () => 201))
    const basic = Buffer.from(`${account.id}:${credentialsOf(right)}`).toString('base64')
    const headers = { authorization: `Basic ${basic}`, 'x-forwarded-for': newAddress() }
    const path = `${account.users}/${account.user.replaceAll('-', '')}`
    const seen = await Promise.all(Array.from({ length: 30 }, () => kazoo.call('GET', path, { token: null, headers })))
    expect(seen.map(({ status }) => status)).toEqual(Array.from({ length: 30 }, () => 200))
  })

  it('those that kitter itself could not answer', async () => {
    const account = await place()
    const address = newAddress()
    await whileAway('user_sign_in_digests', async () => {
      for (let count = 0; count < 30; count += 15) {
        const answers = await Promise.all(Array.from({ length: 15 }, () => signIn(at(account), right, address)))
        expect([...new Set(answers.map(({ status }) => status))]).toEqual([500])
      }
    })
    expect((await signIn(at(account), right, address)).status).toBe(201)
  })
})

describe('Where users of an account have signed in lately', () => {
  it('strangers keep nobody out, and neither do a few who mistype', async () => {
    const account = await place()
    const home = newAddress()
    expect((await signIn(at(account), right, home)).status).toBe(201)
    for (let count = 0; count < 10; count += 1) expect(await failures(20, at(account), newAddress())).toEqual([401])
    expect((await signIn(at(account), right, newAddress())).status).toBe(429)
    expect(await failures(25, at(account), home)).toEqual([401])
    expect((await signIn(at(account), right, home)).status).toBe(201)
    await kazoo.look.rows(`UPDATE kitter.kazoo_sign_in_places SET seen_at = now() - interval '31 days'`)
    expect((await signIn(at(account), right, home)).status).toBe(429)
  })

  it('it is no way to try out any number of passwords, there or elsewhere', async () => {
    const [account, elsewhere] = [await place(), await place()]
    const home = newAddress()
    expect((await signIn(at(account), right, home)).status).toBe(201)
    expect(await failures(20, at(elsewhere), home)).toEqual([401])
    expect((await signIn(at(elsewhere), right, home)).status).toBe(429)
    expect(await failures(180, at(account), home)).toEqual([401])
    expect((await signIn(at(account), right, home)).status).toBe(429)
    expect((await signIn(at(account), right, newAddress())).status).toBe(201)
  })
})

describe('Where users of an account sign in is known of the account,', () => {
  it('and of none that gets its name', async () => {
    const gone = await place()
    const home = newAddress()
    expect((await signIn(at(gone), right, home)).status).toBe(201)
    expect((await kazoo.kitter.call('DELETE', `/users/${gone.user}`)).status).toBe(204)
    expect((await kazoo.kitter.call('DELETE', `/domains/${gone.id.slice(8)}`)).status).toBe(204)
    await kazoo.kitter.createDomain(gone.domain)
    expect(await failures(25, at(gone), home)).toEqual([401, 429])
  })

  it('also when it is called otherwise', async () => {
    const account = await place()
    const home = newAddress()
    expect((await signIn(at(account), right, home)).status).toBe(201)
    const domain = `${randomUUID()}.example`
    // as a reconciliation has it, which finds the name at wac-core
    await kazoo.look.rows('UPDATE kitter.domains SET name = $2 WHERE name = $1', account.domain, domain)
    expect(await failures(25, at({ ...account, domain }), home)).toEqual([401])
  })
})

describe('Where there is no account,', () => {
  const nowhere = { account_name: 'nowhere.example' }

  it('strangers of all networks together may try so often, and keep nobody out of any that there is', async () => {
    const account = await place()
    for (let count = 0; count < 10; count += 1) expect(await failures(20, nowhere, newAddress())).toEqual([401])
    const late = await signIn(nowhere, 'wrong', newAddress())
    expect(late.status).toBe(429)
    expect(Number(late.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await signIn(at(account), right, newAddress())).status).toBe(201)
    await kazoo.look.rows(`DELETE FROM kitter.kazoo_tries WHERE who = 'strangers nowhere'`)
  })
})

describe('A phone number', () => {
  const numbered = () => ({ phone_number: `+34 ${randomUUID()}` })

  it('that users elsewhere have as well stands for each of their accounts', async () => {
    const number = numbered()
    const others = [await place(number), await place(number)]
    const account = await place(number)
    for (const { user } of others)
      await kazoo.kitter.call('PATCH', `/users/${user}`, { body: { credentials: { password: 'other' } } })
    const answer = await signIn(number, right, newAddress())
    expect([answer.status, answer.body.data.account_id]).toEqual([201, account.id])
    expect(await failures(20, number, newAddress())).toEqual([401])
  })

  it('brings nobody in elsewhere, however many have written it down', async () => {
    const number = numbered()
    const others = await Promise.all(Array.from({ length: 6 }, () => place(number)))
    for (const { user } of others)
      await kazoo.kitter.call('PATCH', `/users/${user}`, { body: { credentials: { password: 'other' } } })
    const account = await place(number)
    const home = newAddress()
    expect((await signIn(number, right, home)).status).toBe(401)
    expect((await signIn(at(account), right, home)).status).toBe(201)
    expect((await signIn(number, right, home)).body.data).toMatchObject({ account_id: account.id })
  })

  it('is looked up no more often than one may try', async () => {
    const number = numbered()
    const address = newAddress()
    expect((await signIn(number, 'wrong', address)).status).toBe(401)
    await kazoo.look.rows("UPDATE kitter.kazoo_tries SET tries = 200 WHERE who LIKE 'network %'")
    await whileAway('kazoo_sign_in_places', async () => {
      expect((await signIn(number, right, newAddress())).status).toBe(500)
      expect((await signIn(number, right, address)).status).toBe(429)
    })
  })

  it('is no less good where others have tried in vain', async () => {
    const number = numbered()
    const [locked, account] = [await place(number), await place(number)]
    await kazoo.kitter.call('PATCH', `/users/${locked.user}`, { body: { credentials: { password: 'other' } } })
    for (let count = 0; count < 10; count += 1) expect(await failures(20, at(locked), newAddress())).toEqual([401])
    const answer = await signIn(number, right, newAddress())
    expect(answer.body.data).toMatchObject({ account_id: account.id })
  })
})

describe('The audit trail', () => {
  it('tells who has signed in, and where somebody has not, without what they sent', async () => {
    const account = await place()
    const address = newAddress()
    await signIn(at(account), right, address)
    await signIn(at(account), 'wrong', address)
    await signIn({ account_name: 'nowhere.example' }, 'wrong', address)
    const done = await kazoo.audited(account.user)
    expect(done.entries[0]).toMatchObject({
      ...{ action: 'kazoo.sign_in', outcome: 'done', subject: account.user },
      actor: { id: account.user, name: 'anna' },
      origin: { address },
    })
    const refused = await kazoo.audited(account.id.slice(8))
    expect(refused.entries.filter(({ action }) => action === 'kazoo.sign_in')).toMatchObject([
      { outcome: 'refused', code: 'access.sign_in_refused', actor: { name: 'unknown' }, origin: { address } },
    ])
    for (const { text } of [done, refused])
      for (const password of [right, 'wrong']) expect(text).not.toContain(credentialsOf(password))
  })

  it('takes no word of a client for an address', async () => {
    const account = await place()
    for (const address of ['nonsense', 'x'.repeat(9000)]) {
      expect((await signIn(at(account), right, address)).status).toBe(201)
    }
    const { entries } = await kazoo.audited(account.user)
    expect(entries[0]).toMatchObject({ action: 'kazoo.sign_in', origin: { address: '127.0.0.1' } })
  })
})
