import { randomUUID } from 'node:crypto'
import { NetworkError } from '@keycloak/keycloak-admin-client'
import type KeycloakAdminClient from '@keycloak/keycloak-admin-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkAttributes, checkEmail, checkPersonName, checkUserName, userName } from '#core/users'
import { describeWith } from '../../../../test/support/real.ts'
import { bootstrapRealm } from './bootstrap-realm.ts'
import { ScratchRealm } from './scratch-realm.fixture.ts'

const long = (length: number): string => 'a'.repeat(length)

const userNames = [
  ...[
    'x',
    "o'brien",
    'user+tag@example.com',
    '名前',
    'अनीता',
    'a_b-c.d',
    'ß',
    'José',
    'a\u0301',
    '١٢٣',
    '²',
    '𝔞𝔟',
    'pаypal',
  ],
  // letters newer than Keycloak's Java 17
  ...[
    'ꟛ',
    '𞓐',
    '@',
    '..',
    long(255),
    long(256),
    'a b',
    ' a',
    'a/b',
    'a\\b',
    'a\tb',
    'a\n',
    '<a>',
    'a%',
    'a"b',
    'a&b',
    '👍',
    'a\u200bb',
  ],
]
const personNames = [
  ...['José', 'محمد', "O'Neil", 'Jr., PhD', '"Bob"', '#$%', '👍', '{a}', '/', '\\', long(255), long(256)],
  ...['<b>', 'a>', 'a\nb', 'a\tb', 'a\u0085b', '  x '],
]
const emails = [
  ...[
    'a@b.example',
    'first.last+tag@sub.example.com',
    "o'brien@example.ie",
    'Alice@Example.COM',
    '"a b"@c.example',
    '"a@b"@c.example',
  ],
  ...[
    'ñ@example.com',
    'a@ñandu.com',
    '名前@例え.jp',
    'δοκιμή@παράδειγμα.δοκιμή',
    'a@👍.example',
    `a@${'ñ'.repeat(60)}.com`,
    'a@b.xn--p1ai',
  ],
  ...[
    'a!#$%&*/=?^_`{|}~-b@c.example',
    'a@1.2.3.example',
    `${long(64)}@b.example`,
    `${long(65)}@b.example`,
    '"@b.example',
    '""@b.example',
  ],
  ...[
    'a',
    'a@',
    '@b.example',
    'a b@c.example',
    'a@b',
    'a@localhost',
    'a@[127.0.0.1]',
    'a@127.0.0.1',
    'a..b@c.example',
    '.a@c.example',
    'a.@c.example',
  ],
  ...[
    'a@exa_mple.com',
    'a@-example.com',
    'a@example-.com',
    'a@example.c',
    'a@example.123',
    'a@example.com.',
    'a@b..c',
    'a@b.co1',
    'a@b.c-d',
  ],
  ...[
    'a<b@c.example',
    'a,b@c.example',
    'a(b)@c.example',
    'a"b@c.example',
    '"a"b"@c.example',
    ' a@b.example',
    'a@b.example ',
    'a@b.example\n',
  ],
  ...[
    '👍@b.example',
    'a@ex!ample.com',
    'a@ｂ.example',
    'a@b。example',
    'a\u00a0b@c.example',
    'a@b.ex©mple',
    'a@b.c\u2003m',
    'a@b.xn1',
  ],
  ...[
    `a@${'b'.repeat(63)}.com`,
    `a@${'b'.repeat(64)}.com`,
    `a@${`${'b'.repeat(60)}.`.repeat(4)}comexamp`,
    `a@${`${'b'.repeat(60)}.`.repeat(4)}comexampl`,
  ],
]
const attributes: readonly (readonly [string, string | readonly string[]])[] = [
  ...(['acme.example', 'Acme_x-1', long(253), long(254), 'not a domain', 'a..b', ' a', 'a\n'] as const).map(
    (value) => ['domain', value] as const,
  ),
  ['domain', ['a', 'b']],
  ...(['577.401.1737 x5071', ' +1 ', '<b>', long(255), long(256), 'a\nb'] as const).map(
    (value) => ['phone_number', value] as const,
  ),
  ['phone_number', ['1', '2']],
  ...([long(2048), long(2049), 'a\nb\t<b>', ['a', 'b', 'c']] as const).map((value) => ['note', value] as const),
  ...['a b', 'ñ', 'a/b', 'a:b', '👍', long(255), 'Domain', 'enabled'].map((key) => [key, 'x'] as const),
]

describeWith('keycloak', "The realm's user profile judges as kitter does", () => {
  let scratch: ScratchRealm
  let admin: KeycloakAdminClient

  beforeAll(async () => {
    scratch = await ScratchRealm.find()
    await bootstrapRealm(scratch.options)
  })

  beforeAll(async () => {
    admin = await scratch.admin()
  })

  afterAll(() => scratch[Symbol.asyncDispose]())

  /** Creates without a check, as kitter does, and then changes with one. */
  async function accepts(change: object): Promise<boolean> {
    const username = randomUUID()
    await admin.realms.partialImport({
      realm: scratch.realm,
      rep: { ifResourceExists: 'FAIL', users: [{ username, enabled: true }] },
    })
    const [user] = await admin.users.find({ username, exact: true })
    const id = user?.id ?? ''
    try {
      await admin.users.update(
        { id },
        { username, email: `${username}@b.example`, firstName: 'F', lastName: 'L', ...change },
      )
      return true
    } catch (error) {
      if (error instanceof NetworkError && error.response.status === 400) return false
      throw error
    } finally {
      await admin.users.del({ id })
    }
  }

  const isFine = (problems: readonly unknown[]): boolean => problems.length === 0

  describe('of usernames', () => {
    it.each(userNames)('%j', async (name) => {
      expect(await accepts({ username: userName(name) ?? name })).toBe(isFine(checkUserName(name)))
    })
  })

  describe('of names', () => {
    it.each(personNames)('%j', async (name) => {
      const verdict = isFine(checkPersonName(name))
      expect([await accepts({ firstName: name }), await accepts({ lastName: name })]).toEqual([verdict, verdict])
    })
  })

  describe('of email addresses', () => {
    it.each(emails)('%j', async (email) => {
      expect(await accepts({ email })).toBe(isFine(checkEmail(email)))
    })
  })

  describe('of attributes', () => {
    it.each(attributes)('%j: %j', async (key, value) => {
      expect(await accepts({ attributes: { [key]: [value].flat() } })).toBe(isFine(checkAttributes({ [key]: value })))
    })
  })

  it('requires nothing: who has only a username and a password logs in', async () => {
    await admin.clients.create({ clientId: 'people', publicClient: true, directAccessGrantsEnabled: true })
    expect((await scratch.claimsOfUser('people', {})).iss).toContain(scratch.realm)
  })
})
