import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { DomainError } from '#kernel'
import { parseDomainName, type DomainName } from '#core/domains'
import type { Account, IdentityDirectory } from './identity-directory.ts'

export interface IdentityDirectoryBench {
  readonly directory: IdentityDirectory
}

/** An account that no other test has. */
export function newAccount(fields: Partial<Account> = {}): Account {
  const id = randomUUID()
  return {
    id,
    loginName: `user-${id}`,
    emailVerified: false,
    enabled: true,
    attributes: { domain: ['quobis'] },
    ...fields,
  }
}

async function everyAccount(directory: IdentityDirectory, domain?: DomainName): Promise<Account[]> {
  const accounts: Account[] = []
  for await (const page of directory.scan(domain)) accounts.push(...page)
  return accounts
}

/** What each came to: `done`, or the code of its refusal. */
async function outcomesOf(attempts: readonly Promise<unknown>[]): Promise<string[]> {
  const settled = await Promise.allSettled(attempts)
  return settled.map((outcome) => (outcome.status === 'fulfilled' ? 'done' : codeOf(outcome.reason))).sort()
}

function codeOf(reason: unknown): string {
  return reason instanceof DomainError ? reason.code : String(reason)
}

/** What every directory does. Emails are compared in lower case: some keep them as given, some don't. */
export function identityDirectoryContract(name: string, setUp: () => Promise<IdentityDirectoryBench>): void {
  describe(`${name}: identity directory`, () => {
    let directory: IdentityDirectory
    beforeAll(async () => {
      directory = (await setUp()).directory
    })

    async function given(fields: Partial<Account> = {}): Promise<Account> {
      const account = newAccount(fields)
      await directory.create(account)
      return account
    }

    async function found(id: string): Promise<Account> {
      const account = await directory.find(id)
      if (account === undefined) throw new Error('the account is not there')
      return account
    }

    describe('create', () => {
      it('keeps the account under the id that it brings', async () => {
        const id = randomUUID()
        const account: Account = {
          id,
          loginName: `johndoe-${id}`,
          email: `john-${id}@example.com`,
          emailVerified: true,
          enabled: false,
          firstName: 'John',
          lastName: 'Doe',
          attributes: { domain: ['example.com'], phone_number: ['+34 612 345 678 x5'], teams: ['b', 'a', 'b c'] },
        }
        await directory.create(account)
        expect(await directory.find(id)).toEqual(account)
        expect(await directory.findByLoginName(account.loginName)).toEqual(account)
      })

      it('keeps what is absent absent', async () => {
        const { id } = await given()
        expect(await found(id)).toMatchObject({ email: undefined, firstName: undefined, lastName: undefined })
      })

      it('keeps names and attributes of any script', async () => {
        const id = randomUUID()
        const fields = {
          loginName: `ñandú-محمد-'-${id}`,
          firstName: 'مُحَمَّد 👩‍👩‍👧',
          lastName: `O'Brien; DROP TABLE "x" \\ %_ 林`,
          attributes: { domain: ['quobis'], motto: ['“ja” 🙂', '%', '_', '\\', "'"] },
        }
        await given({ id, ...fields })
        expect(await found(id)).toMatchObject(fields)
        expect((await directory.findByLoginName(fields.loginName))?.id).toBe(id)
      })

      it('keeps no attribute without values', async () => {
        const { id } = await given({ attributes: { domain: ['quobis'], empty: [] } })
        expect((await found(id)).attributes).toEqual({ domain: ['quobis'] })
      })

      it('refuses a login name in use, in any case', async () => {
        const { loginName } = await given()
        for (const again of [loginName, loginName.toUpperCase()]) {
          await expect(directory.create(newAccount({ loginName: again }))).rejects.toMatchObject({
            code: 'user.name_taken',
          })
        }
      })

      it('refuses an email in use, in any case', async () => {
        const email = `${randomUUID()}@example.com`
        await given({ email })
        for (const again of [email, email.toUpperCase()]) {
          const refused = newAccount({ email: again })
          await expect(directory.create(refused)).rejects.toMatchObject({ code: 'user.email_taken' })
          expect(await directory.find(refused.id)).toBeUndefined()
        }
      })

      it('lets any number of accounts have no email', async () => {
        await given()
        await given()
      })

      it('refuses the same account again', async () => {
        const account = await given()
        await expect(directory.create(account)).rejects.toMatchObject({ kind: 'conflict' })
        expect(await found(account.id)).toEqual({
          ...account,
          email: undefined,
          firstName: undefined,
          lastName: undefined,
        })
      })

      it('lets exactly one of eight that race for a login name have it', async () => {
        const loginName = `raced-${randomUUID()}`
        const outcomes = await outcomesOf(Array.from({ length: 8 }, () => directory.create(newAccount({ loginName }))))
        expect(outcomes).toEqual(['done', ...Array.from({ length: 7 }, () => 'user.name_taken')])
      })

      it('lets exactly one of eight that race for an email have it', async () => {
        const email = `raced-${randomUUID()}@example.com`
        const outcomes = await outcomesOf(Array.from({ length: 8 }, () => directory.create(newAccount({ email }))))
        expect(outcomes).toEqual(['done', ...Array.from({ length: 7 }, () => 'user.email_taken')])
      })
    })

    describe('find', () => {
      it('finds no account that is not there', async () => {
        expect(await directory.find(randomUUID())).toBeUndefined()
        expect(await directory.findByLoginName(`nobody-${randomUUID()}`)).toBeUndefined()
      })

      it('finds a login name in any case, and as a whole only', async () => {
        const { id, loginName } = await given()
        expect((await directory.findByLoginName(loginName.toUpperCase()))?.id).toBe(id)
        expect(await directory.findByLoginName(loginName.slice(0, -1))).toBeUndefined()
      })

      it('takes wildcards literally', async () => {
        const id = randomUUID()
        await given({ id, loginName: `a_b-${id}` })
        for (const pattern of [`a%-${id}`, `axb-${id}`, `%${id}`, `_______________________________________`]) {
          expect(await directory.findByLoginName(pattern)).toBeUndefined()
        }
        await given({ loginName: `axb-${id}` })
        expect((await directory.findByLoginName(`a_b-${id}`))?.id).toBe(id)
      })
    })

    describe('update', () => {
      it('changes what is named, keeps the rest and gives back how it was', async () => {
        const id = randomUUID()
        const before = await given({
          id,
          email: `before-${id}@example.com`,
          firstName: 'Before',
          lastName: 'Doe',
          attributes: { domain: ['quobis'], changed: ['1'], kept: ['x', 'y'] },
        })
        const change = { firstName: 'After', enabled: false, attributes: { changed: ['2', '3'] } }
        expect(await directory.update(id, change)).toEqual(before)
        expect(await found(id)).toEqual({
          ...before,
          firstName: 'After',
          enabled: false,
          attributes: { ...before.attributes, changed: ['2', '3'] },
        })
      })

      it('clears with undefined, and removes attributes with an empty list', async () => {
        const id = randomUUID()
        const attributes = { domain: ['quobis'], phone_number: ['1'] }
        await given({ id, email: `${id}@example.com`, firstName: 'A', lastName: 'B', attributes })
        await directory.update(id, {
          email: undefined,
          firstName: undefined,
          attributes: { phone_number: [], never: [] },
        })
        expect(await found(id)).toMatchObject({ email: undefined, firstName: undefined, lastName: 'B' })
        expect((await found(id)).attributes).toEqual({ domain: ['quobis'] })
      })

      it('frees the names that it replaces', async () => {
        const before = await given({ email: `${randomUUID()}@example.com` })
        await directory.update(before.id, {
          loginName: `renamed-${before.id}`,
          email: `renamed-${before.id}@example.com`,
        })
        expect(await directory.findByLoginName(before.loginName)).toBeUndefined()
        expect((await directory.findByLoginName(`renamed-${before.id}`))?.id).toBe(before.id)
        await given({ loginName: before.loginName, email: before.email })
      })

      it('refuses names that others have, and leaves everything as it was', async () => {
        const other = await given({ email: `${randomUUID()}@example.com` })
        const before = await given({ firstName: 'Before' })
        const named = directory.update(before.id, { loginName: other.loginName.toUpperCase(), firstName: 'After' })
        await expect(named).rejects.toMatchObject({ code: 'user.name_taken' })
        const mailed = directory.update(before.id, { email: other.email?.toUpperCase(), firstName: 'After' })
        await expect(mailed).rejects.toMatchObject({ code: 'user.email_taken' })
        expect(await found(before.id)).toMatchObject({
          loginName: before.loginName,
          firstName: 'Before',
          email: undefined,
        })
      })

      it('lets an account keep its own names', async () => {
        const { id, loginName, email } = await given({ email: `${randomUUID()}@example.com` })
        await directory.update(id, { loginName, email, firstName: 'After' })
        expect((await found(id)).firstName).toBe('After')
      })

      it('refuses to change an account that is not there', async () => {
        await expect(directory.update(randomUUID(), { firstName: 'A' })).rejects.toMatchObject({ code: 'user.unknown' })
      })

      it('comes to the same where it is known how the account was', async () => {
        const { id } = await given({ firstName: 'Before', attributes: { domain: ['quobis'], kept: ['1'] } })
        const known = await found(id)
        expect(await directory.update(id, { firstName: 'After', attributes: { more: ['2'] } }, { known })).toEqual(
          known,
        )
        expect(await found(id)).toEqual({
          ...known,
          firstName: 'After',
          attributes: { ...known.attributes, more: ['2'] },
        })
      })

      it('refuses to change an account that was known and is gone', async () => {
        const { id } = await given()
        const known = await found(id)
        await directory.remove(id)
        const changing = directory.update(id, { firstName: 'After' }, { known })
        await expect(changing).rejects.toMatchObject({ code: 'user.unknown' })
      })

      it('can be taken back with what it gave back', async () => {
        const id = randomUUID()
        const before = await given({ id, email: `${id}@example.com`, firstName: 'A', lastName: 'B' })
        const former = await directory.update(id, { email: undefined, firstName: 'C', attributes: { more: ['1'] } })
        const { id: _, ...fields } = former
        await directory.update(id, { ...fields, attributes: { ...fields.attributes, more: [] } })
        expect(await found(id)).toEqual(before)
      })
    })

    describe('remove', () => {
      it('removes the account and frees its names', async () => {
        const account = await given({ email: `${randomUUID()}@example.com` })
        await directory.remove(account.id)
        expect(await directory.find(account.id)).toBeUndefined()
        expect(await directory.findByLoginName(account.loginName)).toBeUndefined()
        await given({ loginName: account.loginName, email: account.email })
      })

      it('refuses to remove an account that is not there', async () => {
        await expect(directory.remove(randomUUID())).rejects.toMatchObject({ code: 'user.unknown' })
      })
    })

    describe('scan', () => {
      it('shows every account once', async () => {
        const ids = (await Promise.all(Array.from({ length: 5 }, () => given()))).map(({ id }) => id)
        const seen = (await everyAccount(directory)).map(({ id }) => id)
        expect(seen).toEqual(expect.arrayContaining(ids))
        expect(new Set(seen).size).toBe(seen.length)
      })

      it('shows accounts as find does', async () => {
        const account = await given({ firstName: 'A', attributes: { domain: ['quobis'], teams: ['a', 'b'] } })
        const seen = (await everyAccount(directory)).find(({ id }) => id === account.id)
        expect(seen).toEqual(await directory.find(account.id))
      })

      it('shows the accounts of one domain only, in this very case, among however many', async () => {
        const name = `a-b_c.${randomUUID()}.example`
        const domain = parseDomainName(name)
        const others = [name.toUpperCase(), `x${name}`, `${name}.org`, name.replace('_', '-'), name.slice(1)]
        await Promise.all(others.map((other) => given({ attributes: { domain: [other] } })))
        await given({ attributes: { other: [name] } })
        await given({ attributes: {} })
        const own = await Promise.all(Array.from({ length: 105 }, () => given({ attributes: { domain: [name] } })))
        const seen = await everyAccount(directory, domain)
        expect(seen.map(({ id }) => id).toSorted()).toEqual(own.map(({ id }) => id).toSorted())
        expect(seen.find(({ id }) => id === own[0]?.id)).toEqual(await directory.find(own[0]?.id ?? ''))
        expect(await everyAccount(directory, parseDomainName(`no.${name}`))).toEqual([])
      })

      it('can be left early', async () => {
        await given()
        for await (const page of directory.scan()) {
          expect(page.length).toBeGreaterThan(0)
          break
        }
      })

      it('shows all that stay, while others go and change', async () => {
        const stayed = await Promise.all(Array.from({ length: 120 }, () => given()))
        const going = await Promise.all(
          Array.from({ length: 30 }, (_, index) => given({ loginName: `a${index}-${randomUUID()}` })),
        )
        const seen: string[] = []
        for await (const page of directory.scan()) {
          seen.push(...page.map(({ id }) => id))
          await Promise.all(going.splice(0).map(({ id }) => directory.remove(id)))
        }
        expect(seen).toEqual(expect.arrayContaining(stayed.map(({ id }) => id)))
        expect(new Set(seen).size).toBe(seen.length)
      })
    })
  })
}
