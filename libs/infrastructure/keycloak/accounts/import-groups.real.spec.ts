import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Meddling, MeddlingProxy } from '../../../../test/support/meddling-proxy.ts'
import { describeWith } from '../../../../test/support/real.ts'
import { RealRealm } from '../../../../test/support/real-realm.ts'
import { DomainError, isOutcomeUnknown } from '#kernel'
import type { Account, HashedPassword } from '#core/users'
import { newAccount } from '../../../core/users/application/identity-directory.contract.ts'
import { type Adapters, adaptersOf } from '../test-adapters.fixture.ts'

const password = { value: 'correct horse', temporary: false }

describeWith('keycloak', 'Accounts that are created at the same time', () => {
  let real: RealRealm
  let proxy: MeddlingProxy
  let adapters: Adapters
  let hashed: HashedPassword | undefined
  beforeAll(async () => {
    real = await RealRealm.create()
    proxy = await MeddlingProxy.start(real.url)
    const { realm, clientId, clientSecret } = real
    adapters = adaptersOf({ url: proxy.url, realm, clientId, clientSecret, timeoutMs: 30_000 })
    hashed = await adapters.credentials.hash(password, 'first')
  })
  afterAll(async () => {
    await proxy[Symbol.asyncDispose]()
    await real[Symbol.asyncDispose]()
  })
  beforeEach(() => {
    proxy.meddler = () => undefined
    proxy.taken()
  })

  function newAccounts(count: number, fieldsOf: (index: number) => Partial<Account> = () => ({})): Account[] {
    return Array.from({ length: count }, (_, index) => newAccount(fieldsOf(index)))
  }

  /** What each came to: `done`, `unknown`, or the code of its refusal. */
  async function create(accounts: readonly Account[], { directory } = adapters): Promise<string[]> {
    const creating = accounts.map((account) => directory.create(account, hashed))
    return Promise.all(creating.map((one) => one.then(() => 'done', wordFor)))
  }

  const imports = () => proxy.taken().filter((line) => line.endsWith('partialImport')).length

  async function expectWhole(account: Account): Promise<void> {
    expect(await adapters.directory.find(account.id)).toEqual({
      ...{ email: undefined, firstName: undefined, lastName: undefined },
      ...account,
    })
    const roles = await real.admin.users.listRealmRoleMappings({ id: account.id })
    expect(roles.map(({ name }) => name)).toEqual([`default-roles-${real.realm}`])
    expect((await real.logIn(account.loginName, password.value)).status, account.loginName).toBe(200)
  }

  async function idsThere(accounts: readonly Account[]): Promise<string[]> {
    const found = await Promise.all(accounts.map(({ id }) => adapters.directory.find(id)))
    return found.flatMap((account) => account?.id ?? []).toSorted()
  }

  const idsOf = (accounts: readonly Account[]): string[] => accounts.map(({ id }) => id).toSorted()

  it('cost one call for 32 of them', async () => {
    const accounts = newAccounts(100)
    expect(await create(accounts)).toEqual(accounts.map(() => 'done'))
    expect(imports()).toBe(4)
    expect(await idsThere(accounts)).toEqual(idsOf(accounts))
  })

  it('learn each what became of it, and of the good ones none is missing', { timeout: 60_000 }, async () => {
    const foreign = randomUUID()
    const takenNames = Array.from({ length: 10 }, (_, index) => `${foreign}-${index}`)
    for (const [index, username] of takenNames.entries())
      await real.admin.users.create({ username, email: `${foreign}-${index}@example.com` })
    const accounts = newAccounts(100, (index) => {
      const attributes = { domain: ['quobis'], index: [String(index)] }
      if (index % 10 === 3) return { loginName: takenNames[(index - 3) / 10]?.toUpperCase() ?? '' }
      if (index % 20 === 7) return { email: `${foreign}-${Math.floor(index / 20)}@Example.com` }
      if (index % 40 === 19) return { lastName: 'x'.repeat(256) }
      return { attributes, email: `${foreign}-mine-${index}@example.com`, firstName: 'Ada', lastName: `Nr ${index}` }
    })
    const answers = await create(accounts)
    const told = accounts.map((_, index) => {
      if (index % 10 === 3) return 'user.name_taken'
      if (index % 20 === 7) return 'user.email_taken'
      return index % 40 === 19 ? 'system.refused' : 'done'
    })
    expect(answers).toEqual(told)
    expect(['user.name_taken', 'user.email_taken', 'system.refused', 'done'].map((it) => count(told, it))).toEqual([
      10, 5, 3, 82,
    ])
    // alone it would be more than a hundred
    expect(imports()).toBeLessThan(75)
    const good = accounts.filter((_, index) => answers[index] === 'done')
    expect(await idsThere(accounts)).toEqual(idsOf(good))
    for (const account of good) await expectWhole(account)
  })

  describe('and whose group', () => {
    /** What is done to the first calls. */
    function meddleWith(...meddlings: readonly (Meddling | undefined)[]): void {
      const left = [...meddlings]
      proxy.meddler = (line) => (line.endsWith('partialImport') ? left.shift() : undefined)
    }

    it.each(['drop before', 'drop after'] as const)(
      'loses its connection once (%s) are all there',
      async (meddling) => {
        meddleWith(meddling, meddling)
        const accounts = newAccounts(40)
        expect(await create(accounts)).toEqual(accounts.map(() => 'done'))
        expect(await idsThere(accounts)).toEqual(idsOf(accounts))
      },
    )

    it.each(['drop before', 'drop after'] as const)(
      'loses its connection once (%s) with bad ones among them are there, but for these',
      async (meddling) => {
        const taken = `taken-${randomUUID()}`
        await real.admin.users.create({ username: taken })
        const accounts = newAccounts(20, (index) => (index === 11 ? { loginName: taken } : {}))
        meddleWith(meddling)
        expect(await create(accounts)).toEqual(
          accounts.map(({ loginName }) => (loginName === taken ? 'user.name_taken' : 'done')),
        )
        expect(await idsThere(accounts)).toEqual(idsOf(accounts.filter(({ loginName }) => loginName !== taken)))
      },
    )

    it('is cut off together with Keycloak are unknown each', async () => {
      meddleWith('drop after and go')
      const accounts = newAccounts(20)
      expect(await create(accounts)).toEqual(accounts.map(() => 'unknown'))
      proxy.meddler = () => undefined
      await proxy.comeBack()
      // it had arrived
      expect(await idsThere(accounts)).toEqual(idsOf(accounts))
    })

    it('is answered too late are unknown each, unless they are seen', async () => {
      const { realm, clientId, clientSecret } = real
      const hasty = adaptersOf({ url: proxy.url, realm, clientId, clientSecret, timeoutMs: 5000 })
      await hasty.directory.create(newAccount(), await hasty.credentials.hash(password, 'first'))
      meddleWith({ delayMs: 5500 })
      const accounts = newAccounts(5)
      expect(await create(accounts, hasty)).toEqual(accounts.map(() => 'unknown'))
      await expect.poll(() => idsThere(accounts), { timeout: 10_000 }).toEqual(idsOf(accounts))
    })

    it('is answered with what makes no sense are looked for', async () => {
      meddleWith({ status: 200, contentType: 'application/json', body: '{"added":5,"results":[]}' })
      const accounts = newAccounts(5)
      expect(await create(accounts)).toEqual(accounts.map(() => 'unknown'))
      expect(await idsThere(accounts)).toEqual([])
    })

    it('is too large for who stands before Keycloak are sent in smaller ones', async () => {
      const tooLarge = { status: 413, contentType: 'text/html', body: '<h1>413 Request Entity Too Large</h1>' }
      meddleWith(tooLarge, tooLarge, tooLarge)
      const accounts = newAccounts(20)
      expect(await create(accounts)).toEqual(accounts.map(() => 'done'))
      expect(imports()).toBe(7)
    })

    it('fails together with everything else are refused, and not asked for one by one', async () => {
      const failure = { status: 500, contentType: 'application/json', body: '{"error":"unknown_error"}' }
      proxy.meddler = (line) => (line.endsWith('/token') ? undefined : failure)
      const accounts = newAccounts(20)
      expect(await create(accounts)).toEqual(accounts.map(() => 'system.refused'))
      expect(imports()).toBe(1)
    })

    it('is sent by a client that lacks the right are refused, and not asked for one by one', async () => {
      meddleWith({ status: 403, contentType: 'application/json', body: '{"error":"HTTP 403 Forbidden"}' })
      const accounts = newAccounts(20)
      expect(await create(accounts)).toEqual(accounts.map(() => 'system.refused'))
      expect(imports()).toBe(1)
    })
  })

  it('for the same name, in several groups of several kitters, are there once', async () => {
    const { url, realm, clientId, clientSecret } = real
    const kitters = [adapters, adaptersOf({ url, realm, clientId, clientSecret })]
    await Promise.all(kitters.map(({ realm: each }) => each.ping()))
    const shared = randomUUID()
    // in reversed orders
    const accounts = kitters.map((_, kitter) =>
      Array.from({ length: 32 }, (_unused, index) =>
        newAccount({ loginName: `${shared}-${kitter === 0 ? index : 31 - index}` }),
      ),
    )
    const outcomes = await Promise.all(
      kitters.flatMap(({ directory }, kitter) =>
        (accounts[kitter] ?? []).map((account) =>
          directory.create(account).then(
            () => [account.loginName, 'done'] as const,
            (error: unknown) => [account.loginName, wordFor(error)] as const,
          ),
        ),
      ),
    )
    for (const name of new Set(outcomes.map(([loginName]) => loginName)))
      expect(outcomes.flatMap(([loginName, word]) => (loginName === name ? [word] : [])).toSorted()).toEqual([
        'done',
        'user.name_taken',
      ])
  })
})

function wordFor(error: unknown): string {
  if (isOutcomeUnknown(error)) return 'unknown'
  return error instanceof DomainError ? error.code : String(error)
}

function count(words: readonly string[], word: string): number {
  return words.filter((each) => each === word).length
}
