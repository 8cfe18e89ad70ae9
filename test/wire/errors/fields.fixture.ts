import type { Body } from './routes.fixture.ts'

/** A field of a body, as the contract has it. */
export interface FieldRule {
  /** Dotted, from the body's top. */
  readonly path: string
  readonly kind: 'anything' | 'object' | 'boolean' | 'text' | 'texts' | 'attributes' | 'services'
  readonly required?: true
  /** `null` is fine. */
  readonly nullable?: true
  /** In UTF-16 code units; of lists, of each item. */
  readonly longest?: number
  /** A text of this length that is right. */
  readonly text?: (length: number) => string
  /** Line breaks and the like are fine. */
  readonly controlCharacters?: true
  /** Texts, or items of lists, that are none such. */
  readonly malformed?: readonly string[]
}

const plain = (length: number): string => 'a'.repeat(length)

/** Labels of at most 63 characters. */
const labels = (length: number): string => `${'abcdefghi-'.repeat(6)}xy.`.repeat(5).slice(0, length - 1) + 'z'

const email = (length: number): string => `${'a'.repeat(64)}@${labels(length - 65 - 4)}.com`

const usernames = {
  kind: 'text',
  longest: 255,
  text: plain,
  malformed: [
    '',
    ' ',
    'two words',
    'john ',
    ' john',
    'a/b',
    '../etc/passwd',
    'a\\b',
    '100%',
    'a*b',
    '<b>',
    '"john"',
    "x';DROP_TABLE_users;--",
    'john😀',
    'zero\u200bwidth',
    '\u202Edrawkcab',
    'a\u00a0b',
    'İ'.repeat(200),
  ],
} as const
const domainNames = {
  kind: 'text',
  longest: 253,
  text: labels,
  malformed: [
    '',
    ' ',
    'two words',
    'trailing.dot.',
    '.leading',
    'two..dots',
    '.',
    '..',
    '../etc/passwd',
    'a/b',
    'a%',
    'a*',
    'https://example.com',
    'example.com:80',
    'münchen.example',
    'x😀',
    "x';DROP TABLE domains;--",
  ],
} as const
const emails = {
  kind: 'text',
  nullable: true,
  // the validator's own limit, from RFC 5321
  longest: 254,
  text: email,
  malformed: [
    '',
    ' ',
    'john',
    'john@',
    '@example.com',
    'a@b@example.com',
    'a b@example.com',
    'john@example',
    'j@e.com ',
  ],
} as const
const personNames = {
  kind: 'text',
  nullable: true,
  longest: 255,
  text: plain,
  malformed: ['<b>', 'a<', '>'],
} as const
const passwords = {
  kind: 'text',
  required: true,
  longest: 255,
  text: plain,
  controlCharacters: true,
  malformed: [''],
} as const

const userFields: readonly FieldRule[] = [
  { path: 'id', kind: 'anything' },
  { path: 'username', ...usernames },
  { path: 'email', ...emails },
  { path: 'enabled', kind: 'boolean' },
  { path: 'first_name', ...personNames },
  { path: 'last_name', ...personNames },
  { path: 'email_verified', kind: 'boolean' },
  { path: 'attributes', kind: 'attributes' },
  { path: 'credentials', kind: 'object' },
  { path: 'credentials.password', ...passwords },
  { path: 'credentials.temporary', kind: 'boolean' },
]

const domainFields: readonly FieldRule[] = [
  { path: 'id', kind: 'anything' },
  { path: 'domain', ...domainNames },
  { path: 'enable_anonymous', kind: 'boolean' },
  { path: 'anonymous_capabilities', kind: 'texts', longest: 255, text: plain, malformed: [''] },
  {
    path: 'origins',
    kind: 'texts',
    longest: 2048,
    text: (length) => `https://example.com/${'a'.repeat(length - 20)}`,
    malformed: ['', 'example.com', '/[/', '//', '/open', 'https://', 'https://exa mple.com'],
  },
  { path: 'parent', ...domainNames, nullable: true },
  { path: 'remote_sip_register', kind: 'boolean' },
  { path: 'services', kind: 'services' },
]

function inside(above: string, fields: readonly FieldRule[]): FieldRule[] {
  return fields.map((field) => ({ ...field, path: `${above}.${field.path}` }))
}

function required(fields: readonly FieldRule[], ...paths: readonly string[]): FieldRule[] {
  return fields.map((field) => (paths.includes(field.path) ? { ...field, required: true } : field))
}

/** The fields of every body. */
export const bodies: Readonly<Record<string, readonly FieldRule[]>> = {
  'POST /domains': [
    { path: 'domain', kind: 'object', required: true },
    ...inside('domain', required(domainFields, 'domain')),
  ],
  'PATCH /domains/{id}': domainFields,
  'POST /users': [
    { path: 'user', kind: 'object', required: true },
    ...inside('user', [
      ...required(userFields, 'username'),
      { path: 'sip_mapping', kind: 'object' },
      {
        path: 'sip_mapping.username',
        kind: 'text',
        required: true,
        longest: 255,
        text: plain,
        malformed: ['', ' ', 'two words'],
      },
      { path: 'sip_mapping.password', kind: 'text', longest: 255, text: plain },
    ]),
  ],
  'PATCH /users/{id}': userFields,
  'POST /callerIdManager': [
    { path: 'name', kind: 'text', required: true, longest: 64, text: plain, malformed: [''] },
    { path: 'value', kind: 'text', required: true, longest: 128, text: plain, malformed: [''] },
  ],
  'POST /reconciliations': [
    { path: 'scope', ...domainNames, required: true },
    { path: 'apply', kind: 'boolean' },
    { path: 'adopt', kind: 'boolean' },
    { path: 'delete', kind: 'boolean' },
    { path: 'force', kind: 'boolean' },
  ],
}

const user = (name: string): Body => ({
  id: 'ignored',
  username: name,
  email: `${name}@example.com`,
  enabled: true,
  first_name: 'John',
  last_name: 'Doe',
  email_verified: false,
  attributes: { phone_number: '+34 612 345 678', anything: 'else' },
  credentials: { password: 'correct horse battery staple', temporary: false },
})

const domain = (name: string): Body => ({
  id: 'ignored',
  domain: `${name}.example`,
  enable_anonymous: false,
  anonymous_capabilities: ['call'],
  origins: ['https://example.com', '/.*/'],
  parent: 'quobis',
  remote_sip_register: false,
  services: { contacts: ['wac'] },
})

const completeBodies: Readonly<Record<string, (name: string) => Body>> = {
  'POST /domains': (name) => ({ domain: domain(name) }),
  'PATCH /domains/{id}': domain,
  'POST /users': (name) => ({ user: { ...user(name), sip_mapping: { username: name, password: 'sip secret' } } }),
  'PATCH /users/{id}': user,
  'POST /callerIdManager': (name) => ({ name, value: '+34 912 345 678' }),
  'POST /reconciliations': () => ({ scope: 'all', apply: true, adopt: false, delete: false, force: false }),
}

/** A body of the route that is right and has every field. */
export function completeBody(route: string, name: string): Body {
  const body = completeBodies[route]?.(name)
  if (body === undefined) throw new Error(`no body of ${route}`)
  return body
}

/** A right body of the route with this in the place of one of its fields; `undefined` leaves the field out. */
export function bodyWith(route: string, path: string, value: unknown, name: string): Body {
  return withField(completeBody(route, name), path, value)
}

export function withField(body: Body, path: string, value: unknown): Body {
  return replaced(body, path.split('.'), value)
}

function replaced(object: Body, [key = '', ...below]: readonly string[], value: unknown): Body {
  const inner = object[key]
  return { ...object, [key]: below.length > 0 && isBody(inner) ? replaced(inner, below, value) : value }
}

function isBody(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A value that is wrong, and the path of what is wrong with it, below the field's own. */
export type WrongValue = readonly [value: unknown, below?: string]

const noTexts: readonly unknown[] = [5, 0, -1.5, true, false, [], ['a'], {}, { a: 'b' }]
const noBooleans: readonly unknown[] = ['true', 'false', '', 0, 1, null, [], [true], {}]
const noObjects: readonly unknown[] = ['a', '', 5, true, false, null, [], ['a'], [{}]]
const noLists: readonly unknown[] = ['a', '', 5, true, false, null, {}, { 0: 'a' }]
const longTexts = ['a'.repeat(10_000), '🙂'.repeat(10_000)]
const brokenTexts = ['\ud800', 'a\udc00b', '\udc00\ud800', 'a\0b', '\0']
const controlTexts = ['a\u0007b', '\u001b[2J', 'a\nb', 'a\r\nX-Injected: b', 'a\tb', 'a\u007fb', 'a\u0085b']

/** All that can be wrong with a field alone. */
export function wrongValuesOf(rule: FieldRule): readonly WrongValue[] {
  const absent: readonly WrongValue[] = rule.required ? [[undefined]] : []
  return [...absent, ...wrongValuesByKind[rule.kind](rule)]
}

const wrongValuesByKind: Readonly<Record<FieldRule['kind'], (rule: FieldRule) => readonly WrongValue[]>> = {
  anything: () => [],
  object: () => noObjects.map((value) => [value]),
  boolean: () => noBooleans.map((value) => [value]),
  text: (rule) => [...(rule.nullable ? [] : [null]), ...noTexts, ...wrongTexts(rule)].map((value) => [value]),
  texts: (rule) => [
    ...noLists.map((value) => [value] as const),
    ...[null, ...noTexts, ...wrongTexts(rule)].map((item) => [[item], '0'] as const),
    [['https://a.example', 5, 'https://b.example', null], '1,3'],
    [Array.from({ length: 1001 }, () => 'https://example.com')],
  ],
  attributes: () => [...noObjects.map((value) => [value] as const), ...wrongAttributes],
  services: () => [
    ...noObjects.map((value) => [value] as const),
    ...noLists.filter((value) => value !== null).map((value) => [{ contacts: value }, 'contacts'] as const),
    ...[null, ...noTexts, ...brokenTexts, ...controlTexts, 'a'.repeat(2049)].map(
      (item) => [{ contacts: [item] }, 'contacts.0'] as const,
    ),
    ...['nonsense', 'Contacts', 'toString', '', 'contacts.0', '__defineGetter__'].map(
      (name) => [{ [name]: [] }, name] as const,
    ),
  ],
}

function wrongTexts({ longest = 0, text = plain, malformed = [], controlCharacters }: FieldRule): string[] {
  return [...malformed, text(longest + 1), ...longTexts, ...brokenTexts, ...(controlCharacters ? [] : controlTexts)]
}

const noAttributeValues = [5, 0, true, false, {}, { a: 'b' }, { length: 1 }]
const wrongAttributes: readonly WrongValue[] = [
  ...['key', 'constructor', 'toString', 'a.b'].flatMap((key) =>
    noAttributeValues.map((value) => [{ [key]: value }, key] as const),
  ),
  ...[5, null, true, [], ['a'], {}, ...brokenTexts, ...longTexts, 'a'.repeat(2049)].map(
    (item) => [{ key: ['fine', item] }, 'key.1'] as const,
  ),
  ...[...brokenTexts, ...longTexts, 'a'.repeat(2049)].map((value) => [{ key: value }, 'key'] as const),
  ...['username', 'email', 'id'].map((reserved) => [{ [reserved]: 'a' }, reserved] as const),
  ...['a'.repeat(256), ...brokenTexts, ...controlTexts, ...longTexts].map((key) => [{ [key]: 'a' }, key] as const),
  [{ '': 'a' }, ''],
  [{ key: Array.from({ length: 1001 }, () => 'a') }, 'key'],
  ...[5, true, {}, ['a', 'b'], [5], [null], ...domainNames.malformed, labels(254), ...longTexts, ...brokenTexts].map(
    (value) => [{ domain: value }, 'domain'] as const,
  ),
  ...[5, true, {}, ['1', '2'], [5], 'a'.repeat(256), ...longTexts, ...brokenTexts, ...controlTexts].map(
    (value) => [{ phone_number: value }, 'phone_number'] as const,
  ),
]
