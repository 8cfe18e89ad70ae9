import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Account, Administrators, Credentials, IdentityDirectory, unknownUser } from '#core/users'
import { identityDirectoryContract, newAccount } from '../../../core/users/application/identity-directory.contract.ts'
import { TestSandbox } from '../test-sandbox.fixture.ts'
import { SandboxAdministrators } from './sandbox-administrators.ts'

let sandbox: TestSandbox
beforeAll(async () => {
  sandbox = await TestSandbox.start()
})
afterAll(() => sandbox[Symbol.asyncDispose]())

identityDirectoryContract('The sandbox', () => Promise.resolve({ directory: sandbox.get(IdentityDirectory) }))

describe('The sandbox, besides', () => {
  it('keeps login names and emails as given', async () => {
    const { id, loginName, email } = await sandbox.account({ loginName: 'JohnDoe', email: 'John.Doe@Example.COM' })
    expect(await sandbox.get(IdentityDirectory).find(id)).toMatchObject({ loginName, email })
  })

  it('loses no part of changes that come at once', async () => {
    const directory = sandbox.get(IdentityDirectory)
    const { id } = await sandbox.account()
    const keys = Array.from({ length: 8 }, (_, index) => `key${index}`)
    await Promise.all(keys.map((key) => directory.update(id, { attributes: { [key]: [key] } })))
    expect(Object.keys((await directory.find(id))?.attributes ?? {}).sort()).toEqual(keys)
  })

  it('shows more accounts than fit on a page, in an order that stays', async () => {
    await using large = await TestSandbox.start()
    const values = `SELECT 'id-' || n, 'name-' || n, 'name-' || n, false, true, '{}' FROM generate_series(1, 1200) AS n`
    await large.rows(
      `INSERT INTO sandbox.accounts (id, login_name, login_key, email_verified, enabled, attributes) ${values}`,
    )
    const pages: (readonly Account[])[] = []
    for await (const page of large.get(IdentityDirectory).scan()) pages.push(page)
    const ids = pages.flat().map(({ id }) => id)
    expect(pages.map(({ length }) => length)).toEqual([500, 500, 200])
    expect(new Set(ids).size).toBe(1200)
    expect(ids).toEqual(ids.toSorted())
  })

  it('keeps no password, only a hash as Keycloak makes them', async () => {
    const account = newAccount()
    const password = await sandbox.get(Credentials).hash({ value: 'correct horse', temporary: false }, 'first')
    await sandbox.get(IdentityDirectory).create(account, password)
    const [row] = await sandbox.rows<{ hash: string }>(
      'SELECT password_hash AS hash FROM sandbox.accounts WHERE id = $1',
      account.id,
    )
    expect(row?.hash).toMatch(/^\$argon2id\$v=19\$m=7168,t=5,p=1\$/)
  })

  it.each([
    [{ loginName: 'no spaces' }, 'username'],
    [{ email: 'nobody' }, 'email'],
    [{ firstName: '<b>' }, 'firstName'],
    [{ lastName: 'a\nb' }, 'lastName'],
    [{ attributes: { long: ['x'.repeat(2049)] } }, 'attributes.long.0'],
  ])('refuses by the rules of kitter, whoever asks: %j', async (wrong, path) => {
    const directory = sandbox.get(IdentityDirectory)
    const refused = { kind: 'invalid', details: { fields: [{ path }] } }
    const account = newAccount(wrong)
    await expect(directory.create(account)).rejects.toMatchObject(refused)
    expect(await directory.find(account.id)).toBeUndefined()
    const { id } = await sandbox.account()
    await expect(directory.update(id, wrong)).rejects.toMatchObject(refused)
  })

  it('tells no values of a statement that fails', async () => {
    const secret = 'a\0secret'
    const creating = sandbox.get(IdentityDirectory).create(newAccount({ firstName: secret }))
    const error: unknown = await creating.catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(Error)
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('secret')
  })
})

describe("The sandbox's administrators", () => {
  it('are those with any of the roles of kitter', async () => {
    const administrators = sandbox.get(Administrators)
    const { id } = await sandbox.account()
    expect(await administrators.includes(id)).toBe(false)
    for (const role of ['kitter-admin', 'kitter-domain-admin', 'kitter-viewer'] as const) {
      await sandbox.get(SandboxAdministrators).assign(id, [role])
      expect(await administrators.includes(id)).toBe(true)
      expect(await administrators.roleOf(id)).toBe(role)
    }
    await sandbox.get(SandboxAdministrators).assign(id, ['kitter-viewer', 'kitter-domain-admin'])
    expect(await administrators.roleOf(id)).toBe('kitter-domain-admin')
    await sandbox.get(SandboxAdministrators).assign(id, [])
    expect(await administrators.includes(id)).toBe(false)
  })

  it('are no accounts that are not there', async () => {
    expect(await sandbox.get(Administrators).includes('nobody')).toBe(false)
    expect(await sandbox.get(Administrators).roleOf('nobody')).toBeUndefined()
    await expect(sandbox.get(SandboxAdministrators).assign('nobody', [])).rejects.toThrow(unknownUser().message)
  })
})
