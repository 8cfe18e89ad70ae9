import { randomBytes, randomUUID } from 'node:crypto'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { everywhere, type Page, type Scope, type Transaction } from '#kernel'
import { type DomainName, parseDomainName } from '#core/domains'
import type { User } from '../domain/user.ts'
import { parseUserName } from '../domain/user-name.ts'
import type { UserFilter, UserRecord, UserRecords } from './user-records.ts'

export interface UserRecordsBench {
  readonly records: UserRecords
  /** A unit of work: what it writes is there when it ends, and isn't when it throws. */
  transaction<Result>(work: (within: Transaction) => Promise<Result>): Promise<Result>
  addDomain(name: DomainName, parent?: DomainName): Promise<void>
}

/** Domains that no other test has: the child lies below the top, the grandchild below the child, the neighbour nowhere near. */
interface Tree {
  readonly top: DomainName
  readonly child: DomainName
  readonly grandchild: DomainName
  readonly neighbour: DomainName
}

const onePage: Page = { max: 1000, page: 0 }

function below(domain: string): Scope {
  return { everything: false, domain }
}

type UserRecordFields = Partial<Omit<User, 'username'>> & { readonly domain: DomainName; readonly username?: string }

/** A user that no other test has. */
export function newUserRecord(fields: UserRecordFields): UserRecord {
  const id = randomUUID()
  const username = parseUserName(fields.username ?? `user-${id}`)
  const user: User = { id, emailVerified: false, enabled: true, attributes: {}, ...fields, username }
  return { user, loginName: `${username}@${user.domain}`, communicationsId: randomBytes(12).toString('hex') }
}

/** Emails are unique everywhere, so that tests that need a certain text in one put it around this. */
function someAddress(): string {
  return `${randomUUID()}@example.com`
}

export function userRecordsContract(name: string, setUp: () => Promise<UserRecordsBench>): void {
  describe(`${name}: user records`, () => {
    let bench: UserRecordsBench
    let records: UserRecords
    let tree: Tree
    beforeAll(async () => {
      bench = await setUp()
      records = bench.records
    })

    beforeEach(async () => {
      const id = randomUUID()
      const [top, child, grandchild, neighbour] = ['top', 'child', 'grandchild', 'neighbour'].map((place) =>
        parseDomainName(`${place}.${id}`),
      ) as [DomainName, DomainName, DomainName, DomainName]
      await bench.addDomain(top)
      await bench.addDomain(child, top)
      await bench.addDomain(grandchild, child)
      await bench.addDomain(neighbour)
      tree = { top, child, grandchild, neighbour }
    })

    async function given(...added: readonly UserRecord[]): Promise<void> {
      await bench.transaction(async (within) => {
        for (const record of added) await records.add(record, within)
      })
    }

    /** Users of the top domain. */
    async function givenUsers(...users: readonly Omit<UserRecordFields, 'domain'>[]): Promise<UserRecord[]> {
      const added = users.map((fields) => newUserRecord({ ...fields, domain: tree.top }))
      await given(...added)
      return added
    }

    async function listed(scope: Scope, filter: Partial<UserFilter> = {}, page = onePage): Promise<readonly User[]> {
      return (await records.list(scope, { exact: false, ...filter }, page)).users
    }

    /** The usernames in the top domain that a filter leaves. */
    async function named(filter: Partial<UserFilter>): Promise<string[]> {
      const { users, total } = await records.list(below(tree.top), { exact: false, ...filter }, onePage)
      expect(total).toBe(users.length)
      return users.map(({ username }) => username)
    }

    async function undone(work: (within: Transaction) => Promise<void>): Promise<void> {
      const enough = new Error('enough')
      const working = bench.transaction(async (within) => {
        await work(within)
        throw enough
      })
      await expect(working).rejects.toBe(enough)
    }

    describe('a record', () => {
      it('is kept whole', async () => {
        const record = newUserRecord({
          domain: tree.child,
          username: `ñandú-محمد-'+@._-𐐨-${randomUUID()}`,
          email: `John.DOE+%_\\-${someAddress()}`,
          emailVerified: true,
          enabled: false,
          firstName: 'مُحَمَّد 👩‍👩‍👧',
          lastName: `O'Brien; DROP TABLE "x" \\ %_ $1 林`,
          phoneNumber: '+34 (612) 345-678 x5 ☎',
          attributes: { teams: ['b', 'a', 'b'] },
        })
        await given(record)
        expect(await records.find(everywhere, record.user.id)).toEqual(record)
        expect(await records.findByName(everywhere, tree.child, record.user.username)).toEqual(record)
        expect(await listed(below(tree.child))).toEqual([record.user])
      })

      it('keeps what is absent absent', async () => {
        const [record] = await givenUsers({})
        expect((await records.find(everywhere, record!.user.id))?.user).toMatchObject({
          email: undefined,
          firstName: undefined,
          lastName: undefined,
          phoneNumber: undefined,
          attributes: {},
        })
      })

      it('keeps attributes under any key, as lists in their order', async () => {
        const keys = [
          'constructor',
          'toString',
          '__proto__',
          '__proto',
          'hasOwnProperty',
          'a.b',
          `"'\\`,
          '{}',
          '🙂',
          ' ',
        ]
        const values = ['b', 'a', 'a', '', ' ', 'مرحبا 🙂', `'"\\{}[],\n\t$1`, 'x'.repeat(2048)]
        const attributes = Object.fromEntries(keys.map((key) => [key, values]))
        const [record] = await givenUsers({ attributes })
        const kept = (await records.find(everywhere, record!.user.id))?.user.attributes ?? {}
        expect(new Map(Object.entries(kept))).toEqual(new Map(keys.map((key) => [key, values])))
      })

      it('has no attribute that it was not given', async () => {
        const [record] = await givenUsers({ attributes: { 'a b': ['c'] } })
        const kept = (await records.find(everywhere, record!.user.id))?.user.attributes ?? {}
        expect(Object.keys(kept)).toEqual(['a b'])
      })
    })

    describe('the list', () => {
      /** In the order of code points, which isn't that of UTF-16, nor that of any language. */
      const inOrder = [
        ...[
          "'x",
          '+',
          '-x',
          '.a',
          '0',
          '10',
          '2',
          '@',
          '_',
          'a',
          "a'b",
          'a-b',
          'a.b',
          'a@b',
          'a_b',
          'aa',
          'ab',
          'b',
          'z',
        ],
        ...['é', 'ñ', 'ž', 'ω', 'я', 'ש', 'م', '中', 'ａ', '𐐨'],
      ]

      it('is in the order of usernames, by code point', async () => {
        await givenUsers(...inOrder.toReversed().map((username) => ({ username })))
        expect(await named({})).toEqual(inOrder)
      })

      it('is in the order of ids where usernames are the same', async () => {
        const places = [tree.top, tree.child, tree.grandchild]
        const ids = ['0a', '9f', 'f0'].map((prefix) => `${prefix}${randomUUID().slice(2)}`)
        for (const order of [ids, ids.toReversed()]) {
          const username = `bob-${randomUUID()}`
          const bobs = order.map((id, index) => newUserRecord({ id, username, domain: places[index]! }))
          await given(...bobs)
          expect((await listed(below(tree.top), { username })).map(({ id }) => id)).toEqual(ids)
          await bench.transaction(async (within) => {
            for (const { user } of bobs) await records.remove(user.id, within)
          })
        }
      })

      it('has every row on one page, without gaps or repeats, and the same total on each', async () => {
        const places = [tree.top, tree.child, tree.grandchild]
        const usernames = ['carol', 'bob', 'alice', 'dave', 'bob-2', 'eve', 'Bob_1']
        await given(...places.flatMap((domain) => usernames.map((username) => newUserRecord({ domain, username }))))
        const whole = await listed(below(tree.top))
        expect(whole).toHaveLength(21)
        for (const max of [1, 4, 7, 21]) {
          const pages: User[] = []
          for (let page = 0; page * max < 21; page++) {
            const { users, total } = await records.list(below(tree.top), { exact: false }, { max, page })
            expect([users.length, total]).toEqual([Math.min(max, 21 - page * max), 21])
            pages.push(...users)
          }
          expect(pages).toEqual(whole)
        }
      })

      it('tells the total beyond the last page, too', async () => {
        await givenUsers({ username: 'alice' }, { username: 'bob' }, { username: 'bobby' })
        for (const page of [3, 4, 1_000_000]) {
          const beyond = await records.list(below(tree.top), { exact: false }, { max: 1, page })
          expect(beyond).toEqual({ users: [], total: 3 })
        }
        const filtered = await records.list(below(tree.top), { exact: false, username: 'bob' }, { max: 1000, page: 1 })
        expect(filtered).toEqual({ users: [], total: 2 })
      })

      it('is empty where nobody is', async () => {
        for (const page of [0, 1])
          expect(await records.list(below(tree.top), { exact: false }, { max: 10, page })).toEqual({
            users: [],
            total: 0,
          })
      })
    })

    describe('a filter', () => {
      it('of the username finds it in any part, in any case', async () => {
        await givenUsers({ username: 'johnDoe' }, { username: 'JOHN' }, { username: 'joan' })
        for (const username of ['john', 'JOHN', 'oHn']) expect(await named({ username })).toEqual(['john', 'johndoe'])
        expect(await named({ username: 'doe' })).toEqual(['johndoe'])
        expect(await named({ username: 'johnx' })).toEqual([])
        expect(await named({ username: '' })).toEqual(['joan', 'john', 'johndoe'])
      })

      it('of the username finds it as a whole, in any case, where it has to be exact', async () => {
        await givenUsers({ username: 'johndoe' }, { username: 'john' })
        for (const username of ['john', 'JOHN', 'John'])
          expect(await named({ username, exact: true })).toEqual(['john'])
        for (const username of ['joh', 'ohn', 'john ', '', 'jo%', 'joh_'])
          expect(await named({ username, exact: true })).toEqual([])
      })

      it('knows the case of letters of any script', async () => {
        await givenUsers({ username: 'ÑANDÚ' }, { username: 'ЖУК' })
        expect(await named({ username: 'ñandÚ', exact: true })).toEqual(['ñandú'])
        expect(await named({ username: 'ЖУК' })).toEqual(['жук'])
      })

      it('of the email finds it in any part or as a whole, in any case both ways', async () => {
        const part = randomUUID()
        const [john] = await givenUsers(
          { username: 'john', email: `John.Doe-${part}@Example.COM` },
          { username: 'other', email: `other-${part}@example.com` },
          { username: 'nobody' },
        )
        const email = john?.user.email ?? ''
        for (const given of [email, email.toLowerCase(), email.toUpperCase()]) {
          expect(await named({ email: given, exact: true })).toEqual(['john'])
          expect(await named({ email: given })).toEqual(['john'])
          expect(await named({ email: given.slice(2, -3) })).toEqual(['john'])
          expect(await named({ email: given.slice(0, -1), exact: true })).toEqual([])
        }
        expect(await named({ email: part })).toEqual(['john', 'other'])
      })

      it('takes wildcards literally', async () => {
        const part = randomUUID()
        await givenUsers(
          { username: 'a_b', email: `a_b%c\\d-${part}@example.com`, phoneNumber: '1%2' },
          { username: 'axb', email: `axbxcxd-${part}@example.com`, phoneNumber: '1x2' },
        )
        expect(await named({ username: '_' })).toEqual(['a_b'])
        expect(await named({ username: 'a_b' })).toEqual(['a_b'])
        expect(await named({ username: 'a_b', exact: true })).toEqual(['a_b'])
        for (const wild of ['%', 'a%b', '\\', '*', '.*', 'a\\_b', "'", `' OR true --`]) {
          expect(await named({ username: wild })).toEqual([])
          expect(await named({ username: wild, exact: true })).toEqual([])
        }
        for (const email of ['a_b', 'b%c', 'c\\d', `a_b%c\\d-${part}`]) expect(await named({ email })).toEqual(['a_b'])
        for (const email of ['a%', '%', '_']) expect(await named({ email, exact: true })).toEqual([])
        expect(await named({ email: `a%d-${part}` })).toEqual([])
        expect(await named({ phoneNumber: '1%2' })).toEqual(['a_b'])
        expect(await named({ phoneNumber: '%' })).toEqual([])
      })

      it('of the phone number finds it as a whole', async () => {
        await givenUsers({ username: 'a', phoneNumber: '+34 612' }, { username: 'b', phoneNumber: '+34 6123' }, {})
        for (const exact of [true, false]) {
          expect(await named({ phoneNumber: '+34 612', exact })).toEqual(['a'])
          expect(await named({ phoneNumber: '34 612', exact })).toEqual([])
        }
      })

      it('of the domain finds who lives in it, and not below it', async () => {
        const [top, child] = [newUserRecord({ domain: tree.top }), newUserRecord({ domain: tree.child })]
        await given(top, child)
        expect(await listed(everywhere, { domain: tree.top })).toEqual([top.user])
        expect(await listed(everywhere, { domain: tree.child })).toEqual([child.user])
        expect(await listed(everywhere, { domain: tree.grandchild })).toEqual([])
        expect(await listed(everywhere, { domain: `no-${tree.top}` })).toEqual([])
        expect(await listed(everywhere, { domain: tree.top.slice(0, -1) })).toEqual([])
      })

      it('of verified addresses goes both ways', async () => {
        await givenUsers({ username: 'no' }, { username: 'yes', email: someAddress(), emailVerified: true })
        expect(await named({ emailVerified: true })).toEqual(['yes'])
        expect(await named({ emailVerified: false })).toEqual(['no'])
      })

      it('holds together with all others', async () => {
        const part = randomUUID()
        const fields = { phoneNumber: '7', emailVerified: true }
        const matching = newUserRecord({
          ...fields,
          domain: tree.child,
          username: 'bob',
          email: `1${part}@example.com`,
        })
        await given(
          matching,
          newUserRecord({ ...fields, domain: tree.child, username: 'alice', email: `2${part}@example.com` }),
          newUserRecord({ ...fields, domain: tree.child, username: 'bob-1', email: someAddress() }),
          newUserRecord({ ...fields, domain: tree.top, username: 'bob', email: `3${part}@example.com` }),
          newUserRecord({ ...fields, phoneNumber: '8', domain: tree.child, username: 'bob-2', email: `4${part}@a.b` }),
          newUserRecord({
            ...fields,
            emailVerified: false,
            domain: tree.child,
            username: 'bob-3',
            email: `5${part}@a.b`,
          }),
        )
        const filter = { username: 'bob', email: part, domain: tree.child, ...fields }
        expect(await records.list(below(tree.top), { ...filter, exact: false }, onePage)).toEqual({
          users: [matching.user],
          total: 1,
        })
      })
    })

    describe('a scope', () => {
      let places: Record<keyof Tree, UserRecord>
      beforeEach(async () => {
        places = {
          top: newUserRecord({ domain: tree.top, username: 'a' }),
          child: newUserRecord({ domain: tree.child, username: 'b' }),
          grandchild: newUserRecord({ domain: tree.grandchild, username: 'c' }),
          neighbour: newUserRecord({ domain: tree.neighbour, username: 'd' }),
        }
        await given(...Object.values(places))
      })

      /** Who can be seen of the four, by each of the ways to look. */
      async function seen(scope: Scope): Promise<string[][]> {
        const { users, total } = await records.list(scope, { exact: false }, { max: 1_000_000, page: 0 })
        expect(total).toBe(users.length)
        const listedIds = new Set(users.map(({ id }) => id))
        const ways = [
          ({ user }: UserRecord) => Promise.resolve(listedIds.has(user.id)),
          async ({ user }: UserRecord) => (await records.find(scope, user.id)) !== undefined,
          async ({ user }: UserRecord) => (await records.findByName(scope, user.domain, user.username)) !== undefined,
          async ({ user }: UserRecord) => (await listed(scope, { domain: user.domain })).length > 0,
        ]
        return Promise.all(
          ways.map(async (sees) => {
            const all = await Promise.all(
              Object.values(places).map(async (record) => [record, await sees(record)] as const),
            )
            return all.filter(([, isSeen]) => isSeen).map(([{ user }]) => user.username)
          }),
        )
      }
      const eachWay = (...usernames: readonly string[]): unknown => [usernames, usernames, usernames, usernames]

      it('of everything sees everybody', async () => {
        expect(await seen(everywhere)).toEqual(eachWay('a', 'b', 'c', 'd'))
      })

      it('of a domain sees it and all that lies below it, and nothing beside or above it', async () => {
        expect(await seen(below(tree.top))).toEqual(eachWay('a', 'b', 'c'))
        expect(await seen(below(tree.child))).toEqual(eachWay('b', 'c'))
        expect(await seen(below(tree.grandchild))).toEqual(eachWay('c'))
        expect(await seen(below(tree.neighbour))).toEqual(eachWay('d'))
      })

      it('of a domain that does not exist sees nobody', async () => {
        for (const domain of [`no-${tree.top}`, '', '%', tree.top.slice(0, -1), "' OR true --"])
          expect(await seen(below(domain))).toEqual(eachWay())
      })
    })

    describe('looking up', () => {
      it('finds nobody who is not there', async () => {
        expect(await records.find(everywhere, randomUUID())).toBeUndefined()
        expect(await records.findByName(everywhere, tree.top, parseUserName('nobody'))).toBeUndefined()
        expect(await records.ownerOfLogin(`nobody-${randomUUID()}`)).toBeUndefined()
        expect(await records.ownerOfEmail(someAddress())).toBeUndefined()
      })

      it('tells users of the same name in two domains apart', async () => {
        const [one, two] = [tree.top, tree.child].map((domain) => newUserRecord({ domain, username: 'bob' }))
        await given(one!, two!)
        expect(await records.findByName(everywhere, tree.top, one!.user.username)).toEqual(one)
        expect(await records.findByName(everywhere, tree.child, two!.user.username)).toEqual(two)
        expect(await records.findByName(everywhere, tree.grandchild, two!.user.username)).toBeUndefined()
      })

      it('tells everybody apart when many are looked up at once', async () => {
        const names = [
          [tree.top, 'ann'],
          [tree.child, 'ann'],
          [tree.child, 'ben'],
          [tree.grandchild, 'cleo'],
        ] as const
        const added = names.map(([domain, username]) => newUserRecord({ domain, username }))
        await given(...added)
        const found = (domain: DomainName) =>
          Promise.all(['ann', 'ben', 'cleo'].map((name) => records.findByName(everywhere, domain, parseUserName(name))))
        const [ann, annBelow, ben, cleo] = added
        expect(await Promise.all([tree.top, tree.child, tree.grandchild].map(found))).toEqual([
          [ann, undefined, undefined],
          [annBelow, ben, undefined],
          [undefined, undefined, cleo],
        ])
      })

      it('knows whose a login name is, in any case, as a whole', async () => {
        const [record] = await givenUsers({ username: `Ünal-${randomUUID()}` })
        const { loginName, user } = record!
        for (const written of [loginName, loginName.toUpperCase()])
          expect(await records.ownerOfLogin(written)).toBe(user.id)
        for (const other of [loginName.slice(1), `${loginName}x`, user.username, '%'])
          expect(await records.ownerOfLogin(other)).toBeUndefined()
      })

      it('knows whose an email is, in any case, as a whole', async () => {
        const email = `John.Doe-${someAddress()}`
        const [record] = await givenUsers({ email })
        for (const written of [email, email.toLowerCase(), email.toUpperCase()])
          expect(await records.ownerOfEmail(written)).toBe(record!.user.id)
        for (const other of [email.slice(1), `${email}x`, '%', ''])
          expect(await records.ownerOfEmail(other)).toBeUndefined()
      })
    })

    describe('writing', () => {
      it('replaces all of a record, and frees its old names', async () => {
        const [before] = await givenUsers({
          username: `before-${randomUUID()}`,
          email: someAddress(),
          firstName: 'A',
          lastName: 'B',
          phoneNumber: '1',
          attributes: { gone: ['1'], kept: ['2'] },
        })
        const { id, email, username } = before!.user
        const after = newUserRecord({
          id,
          domain: tree.child,
          enabled: false,
          lastName: 'C',
          attributes: { kept: ['3'] },
        })
        await bench.transaction((within) => records.replace(after, within))
        expect(await records.find(everywhere, id)).toEqual(after)
        expect(await records.findByName(everywhere, tree.top, username)).toBeUndefined()
        expect(await records.ownerOfLogin(before!.loginName)).toBeUndefined()
        expect(await records.ownerOfEmail(email ?? '')).toBeUndefined()
        await given({ ...newUserRecord({ domain: tree.top, username, email }), loginName: before!.loginName })
        expect(await records.find(everywhere, id)).toEqual(after)
      })

      it('lets a record keep its own names', async () => {
        const [before] = await givenUsers({ email: someAddress() })
        const after = { ...before!, user: { ...before!.user, email: before!.user.email?.toUpperCase() } }
        await bench.transaction((within) => records.replace(after, within))
        expect(await records.find(everywhere, before!.user.id)).toEqual(after)
      })

      it('removes one record, and frees its names', async () => {
        const [gone, stays] = await givenUsers({ username: 'gone', email: someAddress() }, { username: 'stays' })
        await bench.transaction((within) => records.remove(gone!.user.id, within))
        expect(await named({})).toEqual(['stays'])
        expect(await records.find(everywhere, gone!.user.id)).toBeUndefined()
        expect(await records.find(everywhere, stays!.user.id)).toEqual(stays)
        await givenUsers({ username: 'gone', email: gone!.user.email })
      })

      it('touches nothing where there is no such record', async () => {
        const [record] = await givenUsers({})
        await bench.transaction(async (within) => {
          await records.remove(randomUUID(), within)
          await records.replace(newUserRecord({ domain: tree.top }), within)
        })
        expect(await listed(below(tree.top))).toEqual([record!.user])
      })

      it('is seen when the unit of work ends, not before', async () => {
        const [kept, gone] = await givenUsers({ username: 'kept' }, { username: 'gone' })
        const changed = { ...kept!, user: { ...kept!.user, firstName: 'After' } }
        const added = newUserRecord({ domain: tree.top, username: 'added' })
        await bench.transaction(async (within) => {
          await records.add(added, within)
          await records.replace(changed, within)
          await records.remove(gone!.user.id, within)
          expect(await listed(below(tree.top))).toEqual([gone!.user, kept!.user])
        })
        expect(await listed(below(tree.top))).toEqual([added.user, changed.user])
      })

      it('leaves no trace when the unit of work fails', async () => {
        const [kept, gone] = await givenUsers({ username: 'kept' }, { username: 'gone' })
        await undone((within) => records.add(newUserRecord({ domain: tree.top }), within))
        await undone((within) => records.replace({ ...kept!, user: { ...kept!.user, firstName: 'After' } }, within))
        await undone((within) => records.remove(gone!.user.id, within))
        expect(await listed(below(tree.top))).toEqual([gone!.user, kept!.user])
      })

      it('never keeps two users of one name in a domain, of one login name or of one address', async () => {
        const [one] = await givenUsers({ username: 'one', email: `A-${someAddress()}` })
        const other = newUserRecord({ domain: tree.top })
        const clashing = [
          { ...newUserRecord({ domain: tree.top, username: 'one' }), loginName: other.loginName },
          { ...other, loginName: one!.loginName },
          newUserRecord({ domain: tree.child, email: one!.user.email?.toLowerCase() }),
        ]
        for (const record of clashing) {
          const fine = newUserRecord({ domain: tree.top })
          await expect(given(fine, record)).rejects.toThrow()
        }
        expect(await listed(below(tree.top))).toEqual([one!.user])
      })

      it('never keeps a user in a domain that is not there', async () => {
        const homeless = newUserRecord({ domain: parseDomainName(`no-${tree.top}`) })
        await expect(given(homeless)).rejects.toThrow()
        expect(await records.find(everywhere, homeless.user.id)).toBeUndefined()
      })
    })
  })
}
