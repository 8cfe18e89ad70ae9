import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loginPage, type Meddling, MeddlingProxy } from '../../../../test/support/meddling-proxy.ts'
import { describeWith } from '../../../../test/support/real.ts'
import { RealRealm } from '../../../../test/support/real-realm.ts'
import { newAccount } from '../../../core/users/application/identity-directory.contract.ts'
import { adaptersOf } from '../test-adapters.fixture.ts'

describeWith('keycloak', 'Passwords in Keycloak', () => {
  let real: RealRealm
  beforeAll(async () => {
    real = await RealRealm.create()
  })
  afterAll(() => real[Symbol.asyncDispose]())

  async function withPolicy(passwordPolicy: string) {
    await real.admin.realms.update({ realm: real.realm }, { passwordPolicy })
    // what adapters know of the realm may be half a minute old
    return adaptersOf(real)
  }

  const rules = [
    ['length(8)', ['1234567', '12345678', '🙂🙂🙂', '🙂🙂🙂🙂']],
    ['maxLength(8)', ['12345678', '123456789', '🙂🙂🙂🙂🙂']],
    ['digits(2)', ['a1', 'a12', '٣٤x', '½¾x']],
    ['lowerCase(2)', ['aB', 'aab', 'ÑñÉé', 'ªº', 'دد']],
    ['upperCase(2)', ['Ab', 'AAb', 'ÑÉñé', 'دد']],
    ['specialChars(2)', ['a!', 'a!!', 'a b c', 'a🙂', 'éñ', '½¾', 'a٣b٤']],
    ['notUsername(undefined)', ['USER', 'User', 'user ', 'other']],
    ['notContainsUsername(undefined)', ['xUSERx', 'use r', 'other']],
    ['notEmail(undefined)', ['EMAIL', 'other']],
    ['length(4) and digits(1) and upperCase(1) and notUsername(undefined)', ['abc', 'abcd', 'abcd1', 'Abcd1']],
  ] as const

  describe("The realm's password policy", () => {
    it.each(rules)('%s is judged by kitter as by Keycloak', async (policy, passwords) => {
      const { directory, credentials } = await withPolicy(policy)
      const id = randomUUID()
      const owner = { loginName: `user-${id}`, email: `${id}@example.com` }
      await directory.create(newAccount({ id, ...owner }))
      for (const shape of passwords) {
        const value = shape
          .replace(/user/i, (name) => (name === 'USER' ? owner.loginName.toUpperCase() : owner.loginName))
          .replace('EMAIL', owner.email.toUpperCase())
        const problems = await credentials.problemsOf(value, owner)
        const setting = credentials.setPassword(id, { value, temporary: false })
        if (problems.length === 0) await setting
        else
          await expect(setting).rejects.toMatchObject({
            kind: 'invalid',
            details: { fields: [{ path: 'credentials.password' }] },
          })
      }
    })

    it('has several things against a password at once', async () => {
      const { credentials } = await withPolicy('length(8) and digits(1) and specialChars(1)')
      expect(await credentials.problemsOf('secret', { loginName: 'anna', email: undefined })).toEqual([
        'must have at least 8 characters',
        'must have at least 1 digits',
        'must have at least 1 special characters',
      ])
    })

    it.each(['regexPattern(^[a-z ]+$)', 'length', 'hashIterations', 'hashIterations(101)'])(
      '%s is left to Keycloak, which lets in who has a good password',
      async (policy) => {
        const { directory, credentials } = await withPolicy(policy)
        const account = newAccount()
        const password = { value: 'correct horse', temporary: false }
        expect(await credentials.problemsOf(password.value, account)).toEqual([])
        expect(await credentials.hash(password, 'first')).toBeUndefined()
        await directory.create(account)
        await credentials.setPassword(account.id, password)
        expect((await real.logIn(account.loginName, 'correct horse')).status).toBe(200)
        await credentials.setPassword(account.id, { ...password, temporary: true })
        expect((await real.logIn(account.loginName, 'correct horse')).error_description).toBe(
          'Account is not fully set up',
        )
      },
    )

    it('that only Keycloak can judge refuses a bad password', async () => {
      const { directory, credentials } = await withPolicy('regexPattern(^[a-z ]+$)')
      const account = newAccount()
      await directory.create(account)
      const setting = credentials.setPassword(account.id, { value: 'UPPER CASE', temporary: false })
      await expect(setting).rejects.toMatchObject({
        kind: 'invalid',
        details: { fields: [{ path: 'credentials.password' }] },
      })
    })

    it.each(['passwordHistory(3)', 'passwordAge(30)', 'length(4) and passwordHistory(3) and passwordAge(30)'])(
      '%s has nothing to say of a first password, and leaves the next one to Keycloak',
      async (policy) => {
        const { directory, credentials } = await withPolicy(policy)
        const account = newAccount()
        await directory.create(account, await credentials.hash({ value: 'first', temporary: false }, 'first'))
        expect((await real.logIn(account.loginName, 'first')).status).toBe(200)
        expect(await credentials.hash({ value: 'first', temporary: false }, 'another')).toBeUndefined()
        const again = credentials.setPassword(account.id, { value: 'first', temporary: false })
        await expect(again).rejects.toMatchObject({ kind: 'invalid' })
      },
    )

    it.each(['forceExpiredPasswordChange(10)', 'maxAuthAge(300)', 'recoveryCodesWarningThreshold(4)'])(
      '%s has nothing to say of any password',
      async (policy) => {
        const { directory, credentials } = await withPolicy(policy)
        const account = newAccount()
        await directory.create(account, await credentials.hash({ value: 'first', temporary: false }, 'first'))
        const another = await credentials.hash({ value: 'second', temporary: false }, 'another')
        expect(another).toBeDefined()
        await directory.update(account.id, {}, { password: another })
        expect((await real.logIn(account.loginName, 'second')).status).toBe(200)
      },
    )

    it('with a history refuses a password that was used before', async () => {
      const { directory, credentials } = await withPolicy('passwordHistory(3)')
      const account = newAccount()
      await directory.create(account)
      await credentials.setPassword(account.id, { value: 'first', temporary: false })
      await credentials.setPassword(account.id, { value: 'second', temporary: false })
      const again = credentials.setPassword(account.id, { value: 'first', temporary: false })
      await expect(again).rejects.toMatchObject({ kind: 'invalid' })
      expect((await real.logIn(account.loginName, 'second')).status).toBe(200)
    })
  })

  describe('A password that kitter hashed', () => {
    it.each([
      '',
      'hashAlgorithm(argon2)',
      'hashIterations(2)',
      'hashAlgorithm(argon2) and hashIterations(20) and length(4)',
      'hashAlgorithm(pbkdf2-sha512)',
      'hashAlgorithm(pbkdf2-sha512) and hashIterations(1000)',
      'hashAlgorithm(pbkdf2-sha256) and hashIterations(2000)',
      'hashAlgorithm(pbkdf2) and hashIterations(3000)',
    ])('is one as Keycloak hashes its own by the policy "%s"', async (policy) => {
      const { directory, credentials } = await withPolicy(policy)
      const account = newAccount()
      const value = 'contraseña 🙂 correct horse'
      await directory.create(account, await credentials.hash({ value, temporary: false }, 'first'))
      const hashed = await credentialOf(account.id)
      const { id } = await real.admin.users.create({
        username: `own-${randomUUID()}`,
        credentials: [{ type: 'password', value }],
      })
      const own = await credentialOf(id)
      expect(hashed.data).toEqual(own.data)
      expect((await real.logIn(account.loginName, value)).status).toBe(200)
      expect((await real.logIn(account.loginName, `${value}!`)).error).toBe('invalid_grant')
      // where Keycloak would hash otherwise, it does so at the first log-in
      expect(await credentialOf(account.id)).toEqual(hashed)
    })

    it('keeps nothing else waiting', async () => {
      const { credentials } = await withPolicy('')
      await credentials.hash({ value: 'once', temporary: false }, 'first')
      const before = performance.eventLoopUtilization()
      const hashing = Array.from({ length: 30 }, () =>
        credentials.hash({ value: 'correct horse', temporary: false }, 'first'),
      )
      await Promise.all(hashing)
      expect(performance.eventLoopUtilization(before).utilization).toBeLessThan(0.5)
    })
  })

  describe('A Keycloak that does not have every algorithm, as under FIPS,', () => {
    let proxy: MeddlingProxy
    beforeAll(async () => {
      proxy = await MeddlingProxy.start(real.url)
    })
    afterAll(() => proxy[Symbol.asyncDispose]())

    async function told(answer: Meddling, policy = '') {
      await real.admin.realms.update({ realm: real.realm }, { passwordPolicy: policy })
      proxy.meddler = (line) => (line.endsWith('/admin/serverinfo') ? answer : undefined)
      const { realm, clientId, clientSecret } = real
      return adaptersOf({ url: proxy.url, realm, clientId, clientSecret })
    }

    const offered = { 'pbkdf2-sha512': { order: 200 }, 'pbkdf2-sha256': { order: 100 } }
    const body = JSON.stringify({ providers: { 'password-hashing': { providers: offered } } })
    const withoutArgon2 = { status: 200, contentType: 'application/json', body }
    const forbidden = { status: 403, contentType: 'application/json', body: '{"error":"HTTP 403 Forbidden"}' }
    const password = { value: 'correct horse', temporary: false }

    it('hashes itself where it would be by one that it lacks', async () => {
      const { credentials } = await told(withoutArgon2)
      expect(await credentials.hash(password, 'first')).toBeUndefined()
      expect(await credentials.hash(password, 'another')).toBeUndefined()
    })

    it('is given hashes of an algorithm that it has, where the realm names that', async () => {
      const { credentials } = await told(withoutArgon2, 'hashAlgorithm(pbkdf2-sha512) and hashIterations(1000)')
      expect((await credentials.hash(password, 'first'))?.hash).toMatch(/^\$pbkdf2-sha512\$i=1000\$/)
    })

    it('takes no hash of another system that it could not check', async () => {
      const { credentials } = await told(withoutArgon2)
      expect(
        await credentials.problemsOfHash('$argon2id$v=19$m=7168,t=5,p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA'),
      ).toEqual(["must not be of argon2, which Keycloak can't check"])
      expect(await credentials.problemsOfHash('$pbkdf2-sha512$i=1000$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA')).toEqual([])
    })

    it.each([
      ['that kitter may not ask', forbidden],
      ["whose answer is somebody else's", loginPage],
    ])('hashes itself also where nothing is known, as of one %s', async (_, answer) => {
      const { credentials } = await told(answer)
      expect(await credentials.hash(password, 'first')).toBeUndefined()
      expect(
        await credentials.problemsOfHash('$argon2id$v=19$m=7168,t=5,p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA'),
      ).toEqual([])
    })
  })

  /** What Keycloak says of how an account's password was hashed. */
  async function credentialOf(id: string) {
    const [credential] = await real.admin.users.getCredentials({ id })
    const data: unknown = JSON.parse(credential?.credentialData ?? '{}')
    return { id: credential?.id, createdDate: credential?.createdDate, data }
  }
})
