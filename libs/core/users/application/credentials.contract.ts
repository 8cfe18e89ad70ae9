import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import type { HashedPassword } from '../domain/password.ts'
import type { Credentials } from './credentials.ts'
import { newAccount } from './identity-directory.contract.ts'
import type { Account, IdentityDirectory } from './identity-directory.ts'

export interface CredentialsBench {
  readonly credentials: Credentials
  readonly directory: IdentityDirectory
  /** What somebody meets who logs in with this name and password. */
  logIn(loginName: string, password: string): Promise<'in' | 'refused' | 'must change the password'>
  /** How many mails went to an address. */
  mailsTo(address: string): Promise<number>
}

export function credentialsContract(name: string, setUp: () => Promise<CredentialsBench>): void {
  describe(`${name}: credentials`, () => {
    let bench: CredentialsBench
    beforeAll(async () => {
      bench = await setUp()
    })

    async function given(fields: Partial<Account> = {}, password?: string, temporary = false): Promise<Account> {
      const account = newAccount(fields)
      await bench.directory.create(account, password === undefined ? undefined : await hashed(password, temporary))
      return account
    }

    async function hashed(value: string, temporary = false): Promise<HashedPassword> {
      const password = await bench.credentials.hash({ value, temporary }, 'first')
      if (password === undefined) throw new Error('only the realm can hash it')
      return password
    }

    it('logs in with the password that came with the account', async () => {
      const { loginName } = await given({}, 'correct horse')
      expect(await bench.logIn(loginName, 'correct horse')).toBe('in')
      expect(await bench.logIn(loginName, 'Correct horse')).toBe('refused')
      expect(await bench.logIn(loginName, 'correct horse ')).toBe('refused')
    })

    it('logs nobody in who has no password', async () => {
      const { loginName } = await given()
      expect(await bench.logIn(loginName, 'anything')).toBe('refused')
    })

    it('makes somebody with a temporary password choose another one', async () => {
      const { loginName } = await given({}, 'first day', true)
      expect(await bench.logIn(loginName, 'first day')).toBe('must change the password')
      expect(await bench.logIn(loginName, 'second day')).toBe('refused')
    })

    it('replaces the password', async () => {
      const { id, loginName } = await given({}, 'before')
      await bench.credentials.setPassword(id, { value: 'after', temporary: false })
      expect(await bench.logIn(loginName, 'before')).toBe('refused')
      expect(await bench.logIn(loginName, 'after')).toBe('in')
      await bench.credentials.setPassword(id, { value: 'later', temporary: true })
      expect(await bench.logIn(loginName, 'later')).toBe('must change the password')
      await bench.credentials.setPassword(id, { value: 'at last', temporary: false })
      expect(await bench.logIn(loginName, 'at last')).toBe('in')
    })

    it('keeps passwords of any script and length', async () => {
      const { id, loginName } = await given()
      for (const value of ['مرور🔑 %_\\\'"', ' x ', 'x'.repeat(255)]) {
        await bench.credentials.setPassword(id, { value, temporary: false })
        expect(await bench.logIn(loginName, value)).toBe('in')
      }
    })

    it('hashes to a PHC string that does not tell the password, another one each time', async () => {
      const [one, two] = [await hashed('correct horse'), await hashed('correct horse', true)]
      expect(one.hash).toMatch(/^\$argon2id\$v=19\$m=\d+,t=\d+,p=\d+\$[\w+/]+\$[\w+/]+$/)
      expect([one.temporary, two.temporary]).toEqual([false, true])
      expect(one.hash).not.toBe(two.hash)
      expect(one.hash).not.toContain('correct')
    })

    describe('a password that comes with a change', () => {
      it('is set together with it', async () => {
        const { id, loginName } = await given({ firstName: 'Before' }, 'before')
        await bench.directory.update(id, { firstName: 'After' }, { password: await hashed('after') })
        expect(await bench.directory.find(id)).toMatchObject({ loginName, firstName: 'After' })
        expect(await bench.logIn(loginName, 'before')).toBe('refused')
        expect(await bench.logIn(loginName, 'after')).toBe('in')
      })

      it('may be all that changes, and the first one', async () => {
        const account = await given({ firstName: 'A', attributes: { domain: ['quobis'], teams: ['a'] } })
        const before = await bench.directory.find(account.id)
        await bench.directory.update(account.id, {}, { password: await hashed('first') })
        expect(await bench.logIn(account.loginName, 'first')).toBe('in')
        expect(await bench.directory.find(account.id)).toEqual(before)
      })

      it('must be changed at the next log-in where it is temporary', async () => {
        const { id, loginName } = await given({}, 'before')
        await bench.directory.update(id, { firstName: 'After' }, { password: await hashed('first day', true) })
        expect(await bench.logIn(loginName, 'before')).toBe('refused')
        expect(await bench.logIn(loginName, 'first day')).toBe('must change the password')
      })

      it('ends an earlier "must change the password" where it is not', async () => {
        const { id, loginName } = await given({}, 'first day', true)
        await bench.directory.update(id, {}, { password: await hashed('to stay') })
        expect(await bench.logIn(loginName, 'to stay')).toBe('in')
      })

      it('is not set where the change is refused', async () => {
        const other = await given()
        const { id, loginName } = await given({}, 'before')
        const changing = bench.directory.update(id, { loginName: other.loginName }, { password: await hashed('after') })
        await expect(changing).rejects.toMatchObject({ code: 'user.name_taken' })
        expect(await bench.logIn(loginName, 'before')).toBe('in')
      })

      it('comes to the same when it is set twice', async () => {
        const { id, loginName } = await given({}, 'before', true)
        const password = await hashed('after')
        for (let time = 0; time < 2; time++) await bench.directory.update(id, { firstName: 'After' }, { password })
        expect(await bench.logIn(loginName, 'after')).toBe('in')
      })
    })

    describe('when it was set last', () => {
      it('is another one whenever a password was set, be it the same', async () => {
        const { id } = await given({}, 'first')
        const marks = [await bench.credentials.lastSet(id)]
        await bench.credentials.setPassword(id, { value: 'second', temporary: false })
        marks.push(await bench.credentials.lastSet(id))
        await bench.credentials.setPassword(id, { value: 'second', temporary: false })
        marks.push(await bench.credentials.lastSet(id))
        await bench.directory.update(id, {}, { password: await hashed('third') })
        marks.push(await bench.credentials.lastSet(id))
        expect(marks).not.toContain(undefined)
        expect(new Set(marks).size).toBe(4)
      })

      it('stays the same while no password is set', async () => {
        const { id } = await given({}, 'first')
        const mark = await bench.credentials.lastSet(id)
        await bench.directory.update(id, { firstName: 'A' })
        expect(await bench.credentials.lastSet(id)).toBe(mark)
      })

      it('is nothing where none was set', async () => {
        const { id } = await given()
        expect(await bench.credentials.lastSet(id)).toBeUndefined()
      })
    })

    it('mails a link to the address of the account', async () => {
      const email = `${randomUUID()}@example.com`
      const { id } = await given({ email })
      await bench.credentials.sendResetMail(id)
      expect(await bench.mailsTo(email)).toBe(1)
    })

    it('mails nobody without an address, and nobody disabled', async () => {
      const { id } = await given()
      await expect(bench.credentials.sendResetMail(id)).rejects.toMatchObject({ code: 'user.email_missing' })
      const email = `${randomUUID()}@example.com`
      const disabled = await given({ email, enabled: false })
      await expect(bench.credentials.sendResetMail(disabled.id)).rejects.toMatchObject({ code: 'user.disabled' })
      expect(await bench.mailsTo(email)).toBe(0)
    })

    it('knows no account that is not there', async () => {
      const setting = bench.credentials.setPassword(randomUUID(), { value: 'x', temporary: false })
      await expect(setting).rejects.toMatchObject({ code: 'user.unknown' })
      await expect(bench.credentials.sendResetMail(randomUUID())).rejects.toMatchObject({ code: 'user.unknown' })
    })
  })
}
