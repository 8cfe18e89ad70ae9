import { randomBytes, randomUUID } from 'node:crypto'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Transaction } from '#kernel'
import { type DomainName, parseDomainName } from '#core/domains'
import {
  type Account,
  accountOf,
  type CommunicationsUser,
  communicationsUserOf,
  type KnownCommunicationsUser,
  parseUserName,
  type UserRecord,
  type UserRecords,
} from '#core/users'
import { newUserRecord } from '../../users/application/user-records.contract.ts'
import type { Staging, Suspect } from './staging.ts'

export interface StagingBench {
  readonly staging: Staging
  readonly records: UserRecords
  transaction(work: (within: Transaction) => Promise<void>): Promise<void>
  addDomain(name: DomainName): Promise<void>
  /** A running reconciliation of nothing yet. */
  reconciliation(): Promise<string>
  /** No user, no domain, no reconciliation any more. */
  clear(): Promise<void>
}

/** Without the number, which only says the order. */
type Named = Omit<Suspect, 'number'>

const domain = parseDomainName('staging.example')
const otherDomain = parseDomainName('other.example')

const communicationsId = (): string => randomBytes(12).toString('hex')

/** A user with something in every field. */
function fullRecord(fields: Partial<UserRecord['user']> = {}): UserRecord {
  return newUserRecord({
    domain,
    email: `Jo-${randomUUID()}@Example.com`,
    emailVerified: true,
    firstName: 'Ñandú 👩‍👩‍👧',
    lastName: `O'Brien "\\" \\u0000`,
    phoneNumber: '+34 612',
    attributes: { color: ['red', 'green'], constructor: ['one'], 'a b': ["{'x': 1}"] },
    ...fields,
  })
}

/** A user with as little as there may be. */
const bareRecord = (): UserRecord => newUserRecord({ domain })

const accountFor = ({ user, loginName }: UserRecord): Account => accountOf(user, loginName)

const communicationsFor = ({ user, communicationsId: id }: UserRecord): KnownCommunicationsUser => ({
  id,
  user: communicationsUserOf(user),
})

export function stagingContract(name: string, setUp: () => Promise<StagingBench>): void {
  describe(`${name}: staging`, () => {
    let bench: StagingBench
    let staging: Staging
    let reconciliation: string
    beforeAll(async () => {
      bench = await setUp()
      staging = bench.staging
    })
    beforeEach(async () => {
      await bench.clear()
      await bench.addDomain(domain)
      await bench.addDomain(otherDomain)
      reconciliation = await bench.reconciliation()
    })

    async function givenRecords(...records: readonly UserRecord[]): Promise<void> {
      await bench.transaction(async (within) => {
        for (const record of records) await bench.records.add(record, within)
      })
    }

    const stageAccounts = (...accounts: readonly Account[]): Promise<void> =>
      staging.addAccounts(reconciliation, accounts)
    const stageUsers = (...users: readonly KnownCommunicationsUser[]): Promise<void> =>
      staging.addCommunicationsUsers(reconciliation, users)

    /** Users that look the same everywhere. */
    async function givenEverywhere(...records: readonly UserRecord[]): Promise<void> {
      await givenRecords(...records)
      await stageAccounts(...records.map(accountFor))
      await stageUsers(...records.map(communicationsFor))
    }

    /** All that are to be looked at in a round, some at a time. */
    async function inRound(round: number): Promise<readonly Suspect[]> {
      const all: Suspect[] = []
      for (let after = 0; ; after = all.at(-1)?.number ?? 0) {
        const some = await staging.suspects(reconciliation, round, after, 2)
        expect(some.length).toBeLessThanOrEqual(2)
        if (some.length === 0) return all
        all.push(...some)
      }
    }

    async function suspected(within?: DomainName): Promise<readonly Named[]> {
      const count = await staging.compare(reconciliation, within)
      const suspects = await inRound(0)
      expect(count).toBe(suspects.length)
      const numbers = suspects.map(({ number }) => number)
      expect(numbers).toEqual([...new Set(numbers)].toSorted((one, other) => one - other))
      expect(numbers.every((number) => Number.isSafeInteger(number) && number > 0)).toBe(true)
      return suspects.map(({ userId, communicationsId: id }) => ({ userId, communicationsId: id }))
    }

    const known = ({ user, communicationsId: id }: UserRecord): Named => ({ userId: user.id, communicationsId: id })
    const byUser = (list: readonly Named[]): readonly Named[] =>
      list.toSorted((one, other) => JSON.stringify(one).localeCompare(JSON.stringify(other)))

    describe('users that are the same everywhere', () => {
      it("aren't suspected, with all or with nothing in their fields", async () => {
        const records = [
          fullRecord(),
          bareRecord(),
          fullRecord({ enabled: false }),
          fullRecord({ phoneNumber: undefined }),
        ]
        await givenEverywhere(...records)
        expect(await suspected()).toEqual([])
        expect(await suspected(domain)).toEqual([])
      })

      it("aren't, whatever case their addresses are written in", async () => {
        const [one, other] = [fullRecord({ email: 'ÑANDÚ@EXAMPLE.com' }), fullRecord({ email: 'x@y.zz' })]
        await givenRecords(one, other)
        await stageAccounts(
          { ...accountFor(one), email: 'ñandú@example.COM' },
          { ...accountFor(other), email: 'X@y.Zz' },
        )
        await stageUsers(
          ...[one, other].map(communicationsFor).map(({ id, user }) => ({
            id,
            user: { ...user, email: user.email?.toLowerCase() },
          })),
        )
        expect(await suspected()).toEqual([])
      })

      it("aren't, in whatever order their attributes stand", async () => {
        const record = fullRecord({ attributes: { b: ['2', '1'], a: ['3'], constructor: ['c'] } })
        await givenRecords(record)
        const attributes = { constructor: ['c'], phone_number: ['+34 612'], a: ['3'], domain: [domain], b: ['2', '1'] }
        await stageAccounts({ ...accountFor(record), attributes })
        await stageUsers(communicationsFor(record))
        expect(await suspected()).toEqual([])
      })

      it("aren't, in whatever order the values of an attribute stand", async () => {
        const values = ['b', 'B', '', 'a', 'ñ', 'n', '👩‍👩‍👧', '"', '10', '9', 'a', '\uffff']
        const record = fullRecord({ attributes: { many: values, one: ['x'], none: [] } })
        await givenRecords(record)
        const account = accountFor(record)
        for (const many of [values.toReversed(), values.toSorted(), values]) {
          await stageAccounts({ ...account, attributes: { ...account.attributes, many } })
          await stageUsers(communicationsFor(record))
          expect(await suspected()).toEqual([])
        }
      })

      it.each([null, '', undefined])("aren't, when what they don't have is %o", async (absent) => {
        const record = bareRecord()
        await givenRecords(record)
        const no = absent as undefined
        await stageAccounts({ ...accountFor(record), email: no, firstName: no, lastName: no })
        const communications = communicationsFor(record)
        await stageUsers({
          id: communications.id,
          user: { ...communications.user, displayName: no, email: no, phoneNumber: no },
        })
        expect(await suspected()).toEqual([])
      })

      it("aren't, whatever the realm will ask of them", async () => {
        const record = fullRecord()
        await givenEverywhere(record)
        await stageAccounts({ ...accountFor(record), requiredActions: ['UPDATE_PASSWORD'] })
        expect(await suspected()).toEqual([])
      })

      it("aren't, when they are seen twice, in one page or in two", async () => {
        const record = fullRecord()
        await givenRecords(record)
        const changed = { ...accountFor(record), firstName: 'Before' }
        const { id, user } = communicationsFor(record)
        for (let time = 0; time < 2; time++) {
          await stageAccounts(changed, accountFor(record))
          await stageUsers({ id, user: { ...user, externalId: undefined, displayName: 'Before' } }, { id, user })
        }
        expect(await suspected()).toEqual([])
      })

      it("aren't, however many there are", async () => {
        const records = Array.from({ length: 603 }, fullRecord.bind(undefined, {}))
        await givenEverywhere(...records)
        expect(await suspected()).toEqual([])
        const [first] = records
        await stageAccounts({ ...accountFor(first!), enabled: false })
        expect(await suspected()).toEqual([known(first!)])
      })
    })

    const accountChanges: readonly (readonly [string, Partial<Account>])[] = [
      ['another login name', { loginName: 'another' }],
      ['a login name in another case', { loginName: 'JO' }],
      ['another address', { email: 'another@example.com' }],
      ['no address', { email: undefined }],
      ['an address that is not verified', { emailVerified: false }],
      ['an account that is off', { enabled: false }],
      ['another first name', { firstName: 'ñandú' }],
      ['no first name', { firstName: undefined }],
      ['another last name', { lastName: 'Else' }],
      ['no last name', { lastName: '' }],
      ['a first name that Postgres could not keep', { firstName: 'a\0b\ud800' }],
    ]
    const attributeChanges: readonly (readonly [string, Account['attributes']])[] = [
      ['a value more', { color: ['red', 'green', 'blue'] }],
      ['a value less', { color: ['red'] }],
      ['another value', { color: ['red', 'Green'] }],
      ['a value twice', { color: ['red', 'red', 'green'] }],
      ['no value', { color: [] }],
      ['an attribute more', { size: ['1'] }],
      ['an attribute of a key in another case', { COLOR: ['red', 'green'] }],
      ['another value of a key that every object inherits', { constructor: ['two'] }],
      ['one more key that every object inherits', { toString: ['x'] }],
      ['a key that sets the prototype', Object.fromEntries([['__proto__', ['x']]])],
      ['a text that looks like JSON', { 'a b': ['{"x": 1}'] }],
      ['a value that Postgres could not keep', { color: ['red', 'green\0'] }],
      ['a key that Postgres could not keep', { 'col\0or': ['red'], 'x\udc00': ['x'] }],
      ['another domain', { domain: ['other.example'] }],
      ['a domain in another case', { domain: [domain.toUpperCase()] }],
      ['two domains', { domain: [domain, 'other.example'] }],
      ['another phone number', { phone_number: ['+34612'] }],
      ['two phone numbers', { phone_number: ['+34 612', '7'] }],
    ]
    const without = (account: Account, key: string): Account => ({
      ...account,
      attributes: Object.fromEntries(Object.entries(account.attributes).filter(([name]) => name !== key)),
    })
    const withAttributes = (account: Account, attributes: Account['attributes']): Account => ({
      ...account,
      attributes: Object.fromEntries([...Object.entries(account.attributes), ...Object.entries(attributes)]),
    })

    describe('a user is suspected', () => {
      /** One that is the same everywhere, beside the one that a test changes. */
      beforeEach(() => givenEverywhere(fullRecord()))

      it.each(accountChanges)('for %s in Keycloak', async (_, change) => {
        const record = fullRecord()
        await givenEverywhere(record)
        await stageAccounts({ ...accountFor(record), ...change })
        expect(await suspected()).toEqual([known(record)])
      })

      it.each(attributeChanges)('for %s among its attributes in Keycloak', async (_, attributes) => {
        const record = fullRecord()
        await givenEverywhere(record)
        await stageAccounts(withAttributes(accountFor(record), attributes))
        expect(await suspected()).toEqual([known(record)])
      })

      it.each(['color', 'constructor', 'domain', 'phone_number'])('for no attribute %s', async (key) => {
        const record = fullRecord()
        await givenEverywhere(record)
        await stageAccounts(without(accountFor(record), key))
        expect(await suspected()).toEqual([known(record)])
      })

      it('for a phone number in Keycloak that kitter has not', async () => {
        const record = bareRecord()
        await givenEverywhere(record)
        await stageAccounts(withAttributes(accountFor(record), { phone_number: ['7'] }))
        expect(await suspected()).toEqual([known(record)])
      })

      it.each<readonly [string, Partial<CommunicationsUser>]>([
        ['another domain', { domain: 'other.example' }],
        ['a domain in another case', { domain: domain.toUpperCase() }],
        ['no domain', { domain: '' }],
        ['another username', { username: 'another' }],
        ['no username', { username: '' }],
        ['another display name', { displayName: 'ñandú' }],
        ['no display name', { displayName: undefined }],
        ['another address', { email: 'another@example.com' }],
        ['no address', { email: '' }],
        ['another phone number', { phoneNumber: '+34612' }],
        ['no phone number', { phoneNumber: undefined }],
        ['a username that Postgres could not keep', { username: 'a\0b\udfff' }],
      ])('for %s at wac-core', async (_, change) => {
        const record = fullRecord()
        await givenEverywhere(record)
        const { id, user } = communicationsFor(record)
        await stageUsers({ id, user: { ...user, ...change } })
        expect(await suspected()).toEqual([known(record)])
      })

      it("for another id at wac-core than kitter remembers, with the one where it's found", async () => {
        const record = fullRecord()
        await givenRecords(record)
        await stageAccounts(accountFor(record))
        const id = communicationsId()
        await stageUsers({ id, user: communicationsUserOf(record.user) })
        expect(await suspected()).toEqual([{ userId: record.user.id, communicationsId: id }])
      })

      it.each([
        ['kitter', 'keycloak', 'wac-core'],
        ['kitter', 'keycloak'],
        ['kitter', 'wac-core'],
        ['keycloak', 'wac-core'],
        ['kitter'],
        ['keycloak'],
        ['wac-core'],
      ])('unless it is everywhere: %s %s %s', async (...places) => {
        const record = fullRecord()
        if (places.includes('kitter')) await givenRecords(record)
        if (places.includes('keycloak')) await stageAccounts(accountFor(record))
        if (places.includes('wac-core')) await stageUsers(communicationsFor(record))
        const id = places.includes('wac-core') ? record.communicationsId : undefined
        const expected = places.length === 3 ? [] : [{ userId: record.user.id, communicationsId: id }]
        expect(await suspected()).toEqual(expected)
      })

      it('when its account has an id that kitter never gives', async () => {
        const ids = [
          'f:5b5d0b5e-9a3a-4a3d-9a70-8d4f2f0c5b11:jo',
          randomUUID().toUpperCase(),
          'zz',
          '-',
          `${randomUUID()}x`,
        ]
        await stageAccounts(...ids.map((id) => ({ ...accountFor(fullRecord()), id })))
        expect(byUser(await suspected())).toEqual(
          byUser(ids.map((userId) => ({ userId, communicationsId: undefined }))),
        )
      })
    })

    describe('a user at wac-core', () => {
      it.each([
        undefined,
        '',
        'garbage',
        'f:5b5d0b5e:jo',
        '00000000-0000-0000-0000-00000000000',
        randomUUID().toUpperCase(),
        ` ${randomUUID()}`,
        'a\0b',
      ])('of nobody who can be one of kitter is suspected by its own id: %o', async (externalId) => {
        await givenEverywhere(fullRecord())
        const { id, user } = communicationsFor(fullRecord())
        await stageUsers({ id, user: { ...user, externalId } })
        expect(await suspected()).toEqual([{ userId: undefined, communicationsId: id }])
      })

      it('of an id that no account has by kitter is not linked with an account of that id', async () => {
        const userId = 'f:5b5d0b5e:jo'
        const record = fullRecord()
        await stageAccounts({ ...accountFor(record), id: userId })
        await stageUsers({
          id: record.communicationsId,
          user: { ...communicationsUserOf(record.user), externalId: userId },
        })
        expect(await suspected()).toEqual([
          { userId, communicationsId: undefined },
          { userId: undefined, communicationsId: record.communicationsId },
        ])
      })

      it('that says nobody, though kitter remembers it, has both suspected', async () => {
        const record = fullRecord()
        await givenRecords(record)
        await stageAccounts(accountFor(record))
        const { id, user } = communicationsFor(record)
        await stageUsers({ id, user: { ...user, externalId: undefined } })
        expect(await suspected()).toEqual([
          { userId: record.user.id, communicationsId: undefined },
          { userId: undefined, communicationsId: id },
        ])
      })

      it.each([
        ['before', '0'],
        ['after', 'f'],
      ])('that is a second one of its user is suspected by its own id, and the first is not: %s', async (_, digit) => {
        const record = { ...fullRecord(), communicationsId: '7'.repeat(24) }
        await givenEverywhere(record)
        const second = digit.repeat(24)
        await stageUsers({ id: second, user: communicationsUserOf(record.user) })
        expect(await suspected()).toEqual([{ userId: undefined, communicationsId: second }])
      })

      it('that is a second one is suspected besides its user, who looks different for another reason', async () => {
        const record = { ...fullRecord(), communicationsId: '7'.repeat(24) }
        await givenEverywhere(record)
        await stageAccounts({ ...accountFor(record), enabled: false })
        const others = ['0'.repeat(24), 'f'.repeat(24)]
        for (const id of others) await stageUsers({ id, user: communicationsUserOf(record.user) })
        const [first, ...seconds] = await suspected()
        expect(first).toEqual(known(record))
        expect(seconds.map(({ communicationsId: id }) => id).toSorted()).toEqual(others)
        expect(seconds.map(({ userId }) => userId)).toEqual([undefined, undefined])
      })

      it.each([true, false])('is the user, the first of two, where kitter remembers neither: %s', async (isKnown) => {
        const record = fullRecord()
        if (isKnown) await givenRecords(record)
        await stageAccounts(accountFor(record))
        const ids = ['1'.repeat(24), '2'.repeat(24)]
        for (const id of ids) await stageUsers({ id, user: communicationsUserOf(record.user) })
        expect(await suspected()).toEqual([
          { userId: record.user.id, communicationsId: ids[0] },
          { userId: undefined, communicationsId: ids[1] },
        ])
      })

      it('that is linked with a user is suspected besides, where kitter remembers another that is linked with nobody', async () => {
        const record = { ...fullRecord(), communicationsId: '7'.repeat(24) }
        await givenRecords(record)
        await stageAccounts(accountFor(record))
        const { user } = communicationsFor(record)
        const linked = '3'.repeat(24)
        await stageUsers(
          { id: linked, user },
          { id: record.communicationsId, user: { ...user, externalId: undefined } },
        )
        const [first, ...others] = await suspected()
        expect(first).toEqual({ userId: record.user.id, communicationsId: linked })
        expect(others.map(({ communicationsId: id }) => id).toSorted()).toEqual([linked, record.communicationsId])
        expect(others.map(({ userId }) => userId)).toEqual([undefined, undefined])
      })

      it('that says another user than the one who is remembered with it has both suspected', async () => {
        const [one, other] = [fullRecord(), fullRecord()]
        await givenEverywhere(one, other)
        await stageUsers({ id: one.communicationsId, user: communicationsUserOf(other.user) })
        expect(byUser(await suspected())).toEqual(
          byUser([
            { userId: one.user.id, communicationsId: undefined },
            { userId: undefined, communicationsId: one.communicationsId },
          ]),
        )
      })
    })

    it("looks first at users of kitter's, then at those with an id, and last at those known to wac-core only", async () => {
      const [known1, known2] = [fullRecord(), fullRecord()]
      await stageUsers({ id: communicationsId(), user: { domain, username: parseUserName('nobody') } })
      const accounts = [fullRecord(), fullRecord()].map(accountFor)
      await stageAccounts(...accounts)
      await givenRecords(known1, known2)
      const strangers = [fullRecord(), fullRecord()].map(communicationsFor)
      await stageUsers(...strangers)
      const list = await suspected()
      const idsOf = (some: readonly Named[]): unknown => some.map(({ userId }) => userId).toSorted()
      expect(idsOf(list.slice(0, 2))).toEqual([known1.user.id, known2.user.id].toSorted())
      expect(idsOf(list.slice(2, 6))).toEqual(
        [...accounts.map(({ id }) => id), ...strangers.map(({ user }) => user.externalId)].toSorted(),
      )
      expect(idsOf(list.slice(6))).toEqual([undefined])
    })

    it('of one domain compares the users that kitter has there, and whatever was staged', async () => {
      const [inside, missing] = [fullRecord(), fullRecord()]
      const [outside, moved] = [fullRecord({ domain: otherDomain }), fullRecord({ domain: otherDomain })]
      await givenEverywhere(inside)
      await givenRecords(missing, outside, moved)
      await stageAccounts(accountFor(moved))
      expect(byUser(await suspected(domain))).toEqual(
        byUser([missing, moved].map(({ user }) => ({ userId: user.id, communicationsId: undefined }))),
      )
      expect(byUser(await suspected())).toEqual(
        byUser([missing, outside, moved].map(({ user }) => ({ userId: user.id, communicationsId: undefined }))),
      )
    })

    it('suspects nobody where there is nobody', async () => {
      expect(await suspected()).toEqual([])
      expect(await suspected(parseDomainName('nowhere.example'))).toEqual([])
    })

    it('is told nothing by an empty page', async () => {
      await stageAccounts()
      await stageUsers()
      expect(await suspected()).toEqual([])
    })

    it('compares from scratch each time', async () => {
      const record = fullRecord()
      await stageAccounts(accountFor(record))
      expect(await suspected()).toHaveLength(1)
      expect(await suspected()).toHaveLength(1)
      await givenRecords(record)
      await stageUsers(communicationsFor(record))
      expect(await suspected()).toEqual([])
    })

    it('counts whom a system lacks of those that were there when it began, and no strangers', async () => {
      const [both, neither, elsewhere, later] = [
        fullRecord(),
        bareRecord(),
        fullRecord({ domain: otherDomain }),
        bareRecord(),
      ]
      await givenRecords(both, neither, elsewhere)
      reconciliation = await bench.reconciliation()
      await givenRecords(later)
      await stageAccounts(accountFor(both), accountFor(fullRecord()), { ...accountFor(fullRecord()), id: 'stranger' })
      await stageUsers(communicationsFor(both), { ...communicationsFor(both), id: communicationsId() })
      expect(await staging.missing(reconciliation, undefined)).toEqual({
        users: 3,
        accounts: 2,
        communicationsUsers: 2,
      })
      expect(await staging.missing(reconciliation, otherDomain)).toEqual({
        users: 1,
        accounts: 1,
        communicationsUsers: 1,
      })
    })

    it('clears what was staged of one kind, for a scan that begins anew', async () => {
      const record = fullRecord()
      await givenEverywhere(record)
      await staging.clear(reconciliation, 'accounts')
      expect(await suspected()).toEqual([known(record)])
      await stageAccounts(accountFor(record))
      await staging.clear(reconciliation, 'communications_users')
      expect(await suspected()).toEqual([{ userId: record.user.id, communicationsId: undefined }])
      await stageUsers(communicationsFor(record))
      expect(await suspected()).toEqual([])
    })

    it('keeps what is staged for one reconciliation apart from that for another', async () => {
      const record = fullRecord()
      await givenEverywhere(record)
      const other = randomUUID()
      await staging.addAccounts(other, [{ ...accountFor(record), enabled: false }, accountFor(fullRecord())])
      await staging.addCommunicationsUsers(other, [communicationsFor(fullRecord())])
      expect(await staging.compare(other, undefined)).toBe(3)
      expect(await suspected()).toEqual([])
      const [suspect] = await staging.suspects(other, 0, 0, 10)
      await staging.clearSuspect(reconciliation, suspect?.number ?? 0)
      await staging.deferSuspect(reconciliation, suspect?.number ?? 0)
      for (const what of ['accounts', 'communications_users'] as const) await staging.clear(reconciliation, what)
      await staging.forget(reconciliation)
      expect(await staging.suspects(other, 0, 0, 10)).toHaveLength(3)
      expect(await inRound(0)).toEqual([])
      expect(await staging.compare(other, undefined)).toBe(3)
    })

    it('forgets all of a reconciliation', async () => {
      await stageAccounts(accountFor(fullRecord()))
      await stageUsers(communicationsFor(fullRecord()))
      expect(await suspected()).toHaveLength(2)
      await staging.forget(reconciliation)
      expect(await inRound(0)).toEqual([])
      expect(await suspected()).toEqual([])
    })

    describe('suspects', () => {
      async function givenSuspects(count: number): Promise<readonly Suspect[]> {
        await stageAccounts(...Array.from({ length: count }, () => accountFor(fullRecord())))
        await staging.compare(reconciliation, undefined)
        return inRound(0)
      }

      it('are given some at a time, after the one that is named', async () => {
        const all = await givenSuspects(5)
        expect(all).toHaveLength(5)
        expect(await staging.suspects(reconciliation, 0, 0, 3)).toEqual(all.slice(0, 3))
        expect(await staging.suspects(reconciliation, 0, all[2]?.number ?? 0, 3)).toEqual(all.slice(3))
        expect(await staging.suspects(reconciliation, 0, all[4]?.number ?? 0, 3)).toEqual([])
      })

      it('that have been looked at are given no more', async () => {
        const all = await givenSuspects(3)
        await staging.clearSuspect(reconciliation, all[1]?.number ?? 0)
        await staging.clearSuspect(reconciliation, all[1]?.number ?? 0)
        expect(await inRound(0)).toEqual([all[0], all[2]])
        expect(await inRound(5)).toEqual([all[0], all[2]])
      })

      it('that are to be looked at once more come in the next round', async () => {
        const all = await givenSuspects(3)
        await staging.deferSuspect(reconciliation, all[0]?.number ?? 0)
        expect(await inRound(0)).toEqual(all.slice(1))
        for (const { number } of all.slice(1)) await staging.clearSuspect(reconciliation, number)
        expect(await inRound(0)).toEqual([])
        expect(await inRound(1)).toEqual([all[0]])
        await staging.deferSuspect(reconciliation, all[0]?.number ?? 0)
        expect(await inRound(1)).toEqual([])
        expect(await inRound(2)).toEqual([all[0]])
      })

      it('come in the first round again for whoever takes over', async () => {
        const all = await givenSuspects(2)
        for (let time = 0; time < 3; time++) await staging.deferSuspect(reconciliation, all[0]?.number ?? 0)
        await staging.beginRounds(reconciliation)
        expect(await inRound(0)).toEqual(all)
      })
    })
  })
}
