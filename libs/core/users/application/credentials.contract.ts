import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
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
      await bench.directory.create(account, password === undefined ? undefined : { value: password, temporary })
      return account
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
