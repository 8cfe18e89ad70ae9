import { describe, expect, it } from 'vitest'
import { checkEmail } from './email-address.ts'
import { LoginNames } from './login-names.ts'
import { checkPersonName } from './person-name.ts'
import { checkAttributes, mergeAttributes } from './user-attributes.ts'
import { checkUserName, parseUserName, userName } from './user-name.ts'
import { parseDomainName } from '#core/domains'

describe('a username', () => {
  it.each([
    ['alice'],
    ["o'brien"],
    ['user+tag@example.com'],
    ['名前'],
    ['अनीता'],
    ['a_b-c.d'],
    ['ß'],
    ['a'.repeat(255)],
  ])('%j is fine', (name) => {
    expect(checkUserName(name)).toEqual([])
  })

  it.each([
    [''],
    [' '],
    ['a b'],
    ['a/b'],
    ['a\\b'],
    ['a\tb'],
    ['<a>'],
    ['a%'],
    ['../a'],
    ['👍'],
    ['a\u200bb'],
    ['a'.repeat(256)],
    [5],
    [null],
    // takes twice the room in lower case
    ['İ'.repeat(200)],
  ])('%j is not', (name) => {
    expect(checkUserName(name)).toHaveLength(1)
  })

  it('is kept composed and in lower case, so that two spellings are one name', () => {
    expect(parseUserName('JOSÉ')).toBe('josé')
    expect(parseUserName('jose\u0301')).toBe('josé')
    expect(userName('no spaces')).toBeUndefined()
  })
})

it('a username that is kept stays what it is when it is read again', () => {
  const changed: string[] = []
  for (let point = 0; point <= 0x10ffff; point += 1) {
    for (const text of [String.fromCodePoint(point), `${String.fromCodePoint(point)}\u030c`]) {
      const kept = userName(text)
      if (kept !== undefined && userName(kept) !== kept) changed.push(text)
    }
  }
  expect(changed).toEqual([])
  expect(userName('J\u030c')).toBe(userName('\u01f0'))
})

describe('an email address', () => {
  it.each([['a@b.example'], ['first.last+tag@sub.example.com'], ["o'brien@example.ie"]])('%j is one', (email) => {
    expect(checkEmail(email)).toEqual([])
  })

  it.each([['a'], ['a@'], ['@b.example'], ['a b@c.example'], ['a@b.example\n'], [`${'a'.repeat(250)}@b.example`]])(
    '%j is none',
    (email) => {
      expect(checkEmail(email)).toHaveLength(1)
    },
  )
})

it.each([
  ['José', 0],
  ['محمد', 0],
  ['<b>', 1],
  ['a\nb', 1],
])('the name %j has %d problems', (name, problems) => {
  expect(checkPersonName(name)).toHaveLength(problems)
})

describe('attributes', () => {
  it('are texts or lists of texts, and every wrong one is told', () => {
    const attributes = {
      domain: 'not a domain',
      phone_number: ['1', '2'],
      username: 'x',
      good: 'x',
      bad: 5,
      list: ['x', 5],
    }
    expect(checkAttributes(attributes).map(({ path }) => path)).toEqual([
      'domain',
      'phone_number',
      'username',
      'bad',
      'list.1',
    ])
  })

  it('are neither blank nor what Keycloak takes for something else', () => {
    const keys = ['user.attributes.domain', 'User.Attributes.x', 'LDAP_ID', 'firstName', 'LASTNAME', 'locale', 'blank']
    const attributes = { ...Object.fromEntries(keys.map((key) => [key, 'x'])), blank: [' ', '\u00a0'], empty: '' }
    expect(checkAttributes(attributes).map(({ path }) => path)).toEqual([...keys.slice(0, -1), 'blank.0', 'blank.1'])
    expect(checkAttributes({ 'user.attributesdomain': 'x', first_name: 'x', phone_number: ' ' })).toEqual([
      { path: 'phone_number', problem: 'must not be blank' },
    ])
  })

  it('merge key by key, where nothing removes one', () => {
    const merged = mergeAttributes(
      { kept: ['1'], changed: ['1'], gone: ['1'] },
      { changed: ['2', '3'], gone: null, empty: '', none: [] },
    )
    expect(merged).toEqual({ kept: ['1'], changed: ['2', '3'] })
  })
})

describe('the name to log in with', () => {
  const user = { username: parseUserName('bob'), domain: parseDomainName('example.com') }

  it.each([
    ['realm', 'bob'],
    ['domain', 'bob@example.com'],
  ] as const)('is, by %s, %s', (policy, loginName) => {
    expect(new LoginNames(policy).of(user)).toBe(loginName)
  })

  it('must fit together with the domain', () => {
    const long = { ...user, username: parseUserName('b'.repeat(250)) }
    expect(new LoginNames('realm').fits(long)).toBe(true)
    expect(new LoginNames('domain').fits(long)).toBe(false)
  })
})
