import fc from 'fast-check'
import { type DomainName, parseDomainName } from '#core/domains'
import {
  type Account,
  accountOf,
  type CommunicationsUser,
  communicationsUserOf,
  isUserId,
  type KnownCommunicationsUser,
  LoginNames,
  parseUserName,
  type User,
  type UserRecord,
} from '#core/users'
import { comparable } from '../domain/comparable.ts'
import type { UserSides } from '../domain/user-sides.ts'

/** What each system has. */
export interface World {
  readonly loginNames: LoginNames
  readonly records: readonly UserRecord[]
  /** As Keycloak tells them. */
  readonly accounts: readonly Account[]
  readonly communications: readonly KnownCommunicationsUser[]
}

/** A user that is the same everywhere, and what makes it differ. */
interface Person {
  readonly user: Pick<
    User,
    'domain' | 'emailVerified' | 'enabled' | 'firstName' | 'lastName' | 'phoneNumber' | 'attributes'
  >
  readonly hasEmail: boolean
  readonly id: 'kitter' | 'foreign'
  readonly missing: readonly ('record' | 'account' | 'communications')[]
  readonly told: (text: string) => string
  readonly account: readonly Partial<Account>[]
  readonly attributes: Account['attributes']
  readonly communications: readonly Partial<CommunicationsUser>[]
  readonly link: 'right' | 'none' | 'garbage' | 'upper case' | 'stranger' | 'neighbour'
  readonly remembers: 'right' | 'nobody' | 'neighbour'
  readonly second: 'none' | 'before' | 'after'
}

export const worldDomains = ['one.example', 'b.one.example', '7'].map(parseDomainName)

/** Few, so that what was changed often comes to be the same again. */
const texts = ['red', 'Red', 'ñ', '\ufffd', '7']
const foreignTexts = [...texts, '', '', 'a\0', '\0', '\ud800', ' red']
const keys = ['color', 'constructor', 'a b', '\ufffd', 'Domain', 'Locale']
const foreignKeys = [...keys, 'locale', 'user.attributes.domain', '__proto__', 'email', 'domain', 'phone_number', '\0']

const some = <Value>(list: readonly Value[]): fc.Arbitrary<Value> => fc.constantFrom(...list)
/** Who differs in everything finds no fault in how one field is compared. */
const mostly = <Value>(usual: Value, others: readonly Value[]): fc.Arbitrary<Value> =>
  fc.oneof({ weight: 15, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: some(others) })
const seldom = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<readonly Value[]> =>
  fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: fc.array(value, { maxLength: 2 }) })
const field = (name: string, list: readonly unknown[]): fc.Arbitrary<object> =>
  some(list).map((value) => ({ [name]: value }))
const text = fc.option(some(texts), { nil: undefined })
const attributesOf = (names: readonly string[], values: readonly string[], minLength: number) =>
  fc
    .uniqueArray(fc.tuple(some(names), fc.array(some(values), { minLength, maxLength: 3 })), {
      selector: ([key]) => key,
      maxLength: 3,
    })
    .map((entries): Account['attributes'] => Object.fromEntries(entries))

const absent = [undefined, null, '']
const emails = ['u0@example.com', 'U0@Example.COM', 'u1@example.com', 'u0@example.com ']
const accountTwist = fc.oneof(
  field('loginName', ['u0', 'U0', 'u0@one.example', 'u0@7', 'u1', '', 'u0@']),
  field('email', [...absent, ...emails]),
  field('emailVerified', [true, false]),
  field('enabled', [true, false]),
  field('firstName', [...absent, ...foreignTexts]),
  field('lastName', [...absent, ...foreignTexts]),
  field('requiredActions', [['UPDATE_PASSWORD']]),
)
const communicationsTwist = fc.oneof(
  field('domain', [...worldDomains, '', 'ONE.example']),
  field('username', ['u0', 'U0', 'u1', '', 'a\0']),
  field('displayName', [...absent, ...foreignTexts]),
  field('email', [...absent, ...emails]),
  field('phoneNumber', [...absent, ...foreignTexts]),
)

const person: fc.Arbitrary<Person> = fc.record({
  user: fc.record({
    ...{ domain: some(worldDomains), emailVerified: fc.boolean(), enabled: fc.boolean() },
    ...{ firstName: text, lastName: text, phoneNumber: text, attributes: attributesOf(keys, texts, 1) },
  }),
  hasEmail: fc.boolean(),
  id: mostly('kitter', ['foreign']),
  missing: fc.oneof(
    { weight: 5, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.subarray(['record', 'account', 'communications'] as const) },
  ),
  told: some([(told: string) => told, (told: string) => told.toLowerCase(), (told: string) => told.toUpperCase()]),
  account: seldom(accountTwist),
  attributes: fc.oneof(
    { weight: 2, arbitrary: fc.constant({}) },
    { weight: 1, arbitrary: attributesOf(foreignKeys, [...foreignTexts, ...worldDomains], 0) },
  ),
  communications: seldom(communicationsTwist),
  link: mostly('right', ['none', 'garbage', 'upper case', 'stranger', 'neighbour']),
  remembers: mostly('right', ['nobody', 'neighbour']),
  second: mostly('none', ['before', 'after']),
})

export const worlds: fc.Arbitrary<World> = fc
  .record({ policy: some(['realm', 'domain'] as const), people: fc.array(person, { minLength: 1, maxLength: 8 }) })
  .map(({ policy, people }) => worldOf(new LoginNames(policy), people))

function worldOf(loginNames: LoginNames, people: readonly Person[]): World {
  const records: UserRecord[] = []
  const accounts: Account[] = []
  const communications: KnownCommunicationsUser[] = []
  for (const [at, each] of people.entries()) {
    const neighbour = (at + 1) % people.length
    const record = recordOf(each, at, neighbour, loginNames)
    const isThere = (place: Person['missing'][number]): boolean => !each.missing.includes(place)
    if (isThere('record') && each.id === 'kitter') records.push(record)
    if (isThere('account')) accounts.push(accountIn(each, record, at))
    if (!isThere('communications')) continue
    const user = communicationsUserIn(each, record, neighbour)
    communications.push({ id: communicationsIdOf(at), user })
    if (each.second === 'none') continue
    const externalId = each.link === 'stranger' ? record.user.id : user.externalId
    communications.push({ id: communicationsIdOf(at, each.second), user: { ...user, externalId } })
  }
  return { loginNames, records, accounts, communications }
}

const idOf = (at: number): string => `abcdef0${at}-0000-4000-8000-000000000000`
const stranger = 'abcdef99-0000-4000-8000-000000000000'

function communicationsIdOf(at: number, place: 'before' | 'first' | 'after' = 'first'): string {
  return `${{ before: '0', first: '7', after: 'f' }[place]}${at}`.padEnd(24, '0')
}

function recordOf(
  { user, hasEmail, remembers }: Person,
  at: number,
  neighbour: number,
  loginNames: LoginNames,
): UserRecord {
  const username = parseUserName(`u${at}`)
  const communicationsId = {
    right: communicationsIdOf(at),
    nobody: '1'.repeat(24),
    neighbour: communicationsIdOf(neighbour),
  }[remembers]
  return {
    user: { id: idOf(at), username, email: hasEmail ? `U${at}@example.com` : undefined, ...user },
    loginName: loginNames.of({ username, domain: user.domain }),
    communicationsId,
  }
}

function accountIn(
  { id, told, account: twists, attributes }: Person,
  { user, loginName }: UserRecord,
  at: number,
): Account {
  const account = accountOf(user, loginName)
  const turned = Object.entries(account.attributes).map(([key, values]) => [key, values.toReversed()] as const)
  return {
    ...account,
    email: account.email && told(account.email),
    ...Object.assign({}, ...twists),
    ...(id === 'foreign' && { id: `f:5b5d0b5e:${at}` }),
    attributes: Object.fromEntries([...turned, ...Object.entries(attributes)]),
  }
}

function communicationsUserIn(
  { communications, link, told }: Person,
  { user }: UserRecord,
  neighbour: number,
): CommunicationsUser {
  const same = communicationsUserOf(user)
  const externalId = {
    right: user.id,
    none: undefined,
    garbage: 'garbage',
    'upper case': user.id.toUpperCase(),
    stranger,
    neighbour: idOf(neighbour),
  }[link]
  return { ...same, email: same.email && told(same.email), ...Object.assign({}, ...communications), externalId }
}

/** Everybody who has an id. */
export function subjectsOf({ records, accounts, communications }: World): readonly string[] {
  const linked = communications.flatMap(({ user: { externalId = '' } }) => (isUserId(externalId) ? [externalId] : []))
  return [...new Set([...records.map(({ user }) => user.id), ...accounts.map(({ id }) => id), ...linked])]
}

/** A user as a look at all systems finds it: at wac-core where it's remembered, unless that is another's, or where it's linked. */
export function sidesIn({ records, accounts, communications }: World, id: string): UserSides {
  const isThere = (other: string): boolean =>
    records.some(({ user }) => user.id === other) || accounts.some((account) => account.id === other)
  const isAnothers = ({ externalId = '' }: CommunicationsUser): boolean =>
    externalId !== id && isUserId(externalId) && isThere(externalId)
  const record = records.find(({ user }) => user.id === id)
  const account = accounts.find((each) => each.id === id)
  const remembered = communications.find((each) => each.id === record?.communicationsId && !isAnothers(each.user))
  const linked = communications
    .filter(({ user }) => isUserId(id) && user.externalId === id)
    .toSorted((one, other) => (one.id < other.id ? -1 : 1))
  return { id, record, account: account && comparable(account), communications: remembered ?? linked[0] }
}

/** What a scan of one domain shows. */
export function within(domain: DomainName, { accounts, communications, ...others }: World): World {
  return {
    ...others,
    accounts: accounts.filter(({ attributes }) => attributes['domain']?.includes(domain)),
    communications: communications.filter(({ user }) => user.domain === domain),
  }
}
