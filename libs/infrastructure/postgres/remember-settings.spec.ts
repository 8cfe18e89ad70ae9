import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { parseDomainName } from '#core/domains'
import { type RememberedSettings, rememberSettings } from './remember-settings.ts'
import { TestPostgres } from './test-postgres.fixture.ts'

const first: RememberedSettings = { LOGIN_NAMES: 'realm', ROOT_DOMAIN: 'quobis' }
const root = parseDomainName('quobis')
const anonymous = parseDomainName('anonymous')

let postgres: TestPostgres
beforeAll(async () => {
  postgres = await TestPostgres.start()
})
beforeEach(() => postgres.database.rows('TRUNCATE kitter.users, kitter.domains, kitter.settings CASCADE'))
afterAll(() => postgres[Symbol.asyncDispose]())

const started = (settings: Partial<RememberedSettings> = {}): Promise<void> =>
  rememberSettings(postgres.database, { ...first, ...settings })

async function remembered(): Promise<unknown> {
  const rows = await postgres.database.rows<{ name: string; value: string }>('SELECT name, value FROM kitter.settings')
  return Object.fromEntries(rows.map(({ name, value }) => [name, value]))
}

async function domains(): Promise<string[]> {
  return (await postgres.domains.list({ everything: true }, {})).map(({ name }) => name)
}

async function givenPlatform(): Promise<void> {
  await started()
  await postgres.addDomain(root)
  await postgres.addDomain(anonymous, root)
}

describe('the settings of the first start', () => {
  it('are kept', async () => {
    await started()
    expect(await remembered()).toEqual(first)
  })

  it('are fine at every other start, whatever has been made with them', async () => {
    await givenPlatform()
    await postgres.addUser(root)
    await started()
    expect(await remembered()).toEqual(first)
    expect(await domains()).toEqual(['anonymous', 'quobis'])
    expect(await postgres.domains.countUsers(root)).toBe(1)
  })

  it('are kept once when several replicas start at once', async () => {
    await Promise.all(Array.from({ length: 5 }, () => started()))
    expect(await remembered()).toEqual(first)
  })
})

describe('other settings', () => {
  it('take their place while there is nothing but the domains that every platform has', async () => {
    await givenPlatform()
    await started({ LOGIN_NAMES: 'domain', ROOT_DOMAIN: 'example.com' })
    expect(await remembered()).toEqual({ LOGIN_NAMES: 'domain', ROOT_DOMAIN: 'example.com' })
    expect(await domains()).toEqual([])
  })

  it('are refused once there are users', async () => {
    await givenPlatform()
    await postgres.addUser(root)
    await expect(started({ LOGIN_NAMES: 'domain' })).rejects.toMatchObject({
      name: 'StartError',
      message:
        'LOGIN_NAMES is domain but was realm when the users and domains in this database were made: ' +
        'set it back, or use another database.',
    })
  })

  it('are refused once there are other domains', async () => {
    await givenPlatform()
    await postgres.addDomain(parseDomainName('example.com'), root)
    await expect(started({ ROOT_DOMAIN: 'other' })).rejects.toThrow(
      'ROOT_DOMAIN is other but was quobis when the users and domains in this database were made: ' +
        'set it back, or use another database.',
    )
  })

  it('are all told, and change nothing', async () => {
    await givenPlatform()
    await postgres.addUser(anonymous)
    await expect(started({ LOGIN_NAMES: 'domain', ROOT_DOMAIN: 'other' })).rejects.toThrow(
      'LOGIN_NAMES is domain but was realm, and ROOT_DOMAIN is other but was quobis when',
    )
    expect(await remembered()).toEqual(first)
    expect(await domains()).toEqual(['anonymous', 'quobis'])
    await started()
  })

  it('that are new to kitter are kept beside those that were there', async () => {
    await givenPlatform()
    await postgres.addUser(root)
    await postgres.database.rows("DELETE FROM kitter.settings WHERE name = 'LOGIN_NAMES'")
    await started()
    expect(await remembered()).toEqual(first)
  })
})
