import { randomUUID } from 'node:crypto'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Scope } from '#kernel'
import { type DomainName, parseDomainName } from '#core/domains'
import type { UserRecord } from '#core/users'
import { newUserRecord } from '../../users/application/user-records.contract.ts'
import type { SearchCriteria, SearchTerm, TermKind } from '../domain/search-criteria.ts'
import { targetNamed } from '../domain/search-target.ts'
import { estimatedFrom, type Found, type Position, type UserSearch } from './user-search.ts'

export interface UserSearchBench {
  readonly search: UserSearch
  add(...records: readonly UserRecord[]): Promise<void>
  replace(record: UserRecord): Promise<void>
  remove(id: string): Promise<void>
  addDomain(name: DomainName, parent?: DomainName): Promise<void>
  /** As many users of the domain, whose last name is `Crowd`, the first with this number in their names. */
  addCrowd(domain: DomainName, size: number): Promise<void>
}

type Fields = Partial<Parameters<typeof newUserRecord>[0]>

export function userSearchContract(name: string, setUp: () => Promise<UserSearchBench>): void {
  describe(`${name}: user search`, () => {
    let bench: UserSearchBench
    let domain: DomainName
    let child: DomainName
    beforeAll(async () => {
      bench = await setUp()
    })
    beforeEach(async () => {
      const id = randomUUID()
      domain = parseDomainName(`top.${id}`)
      child = parseDomainName(`child.${id}`)
      await bench.addDomain(domain)
      await bench.addDomain(child, domain)
    })

    /** Users of the domain, with a username that names nothing else. */
    async function given(users: Readonly<Record<string, Fields>>): Promise<UserRecord[]> {
      const records = Object.entries(users).map(([username, fields]) => newUserRecord({ domain, username, ...fields }))
      await bench.add(...records.map((record) => ({ ...record, loginName: randomUUID() })))
      return records
    }

    const below = (): Scope => ({ everything: false, domain })

    function find(
      criteria: Partial<SearchCriteria> = {},
      limit = 1000,
      behind?: Position,
      scope = below(),
    ): Promise<Found> {
      const sort = { key: 'username', descending: false } as const
      return bench.search.find(scope, { terms: [], match: 'folded', sort, ...criteria }, limit, behind)
    }

    /** The usernames that are found; the total says as many. */
    async function found(criteria: Partial<SearchCriteria>): Promise<string[]> {
      const { users, total, isEstimate } = await find(criteria)
      expect([total, isEstimate]).toEqual([users.length, false])
      return users.map(({ user }) => user.username)
    }

    function term(kind: TermKind, named: string, value: string): SearchTerm {
      const target = targetNamed(named)
      if (target === undefined) throw new Error(`${named} is no field`)
      return { kind, target, value }
    }

    const where = (kind: TermKind, named: string, value: string): Promise<string[]> =>
      found({ terms: [term(kind, named, value)] })

    it('finds users whole', async () => {
      const [record] = await given({
        anna: {
          email: `${randomUUID()}@example.com`,
          firstName: 'Ánna',
          lastName: "O'Brien 林",
          phoneNumber: '577.401.1737 x5071',
          attributes: { colour: ['red', 'blue'] },
        },
      })
      expect((await find({ quick: 'anna' })).users.map(({ user }) => user)).toEqual([record!.user])
    })

    describe('quickly', () => {
      it('finds a part of any name, of the address and of the number', async () => {
        const address = randomUUID()
        await given({
          'xx-needle-1': {},
          u2: { email: `needle-${address}@example.com` },
          u3: { firstName: 'Aneedleb' },
          u4: { lastName: 'van Needle' },
          u5: { phoneNumber: '1' },
          u6: { attributes: { any: ['needle'] } },
        })
        expect(await found({ quick: 'needle' })).toEqual(['u2', 'u3', 'u4', 'xx-needle-1'])
        expect(await found({ quick: address.slice(3, 20) })).toEqual(['u2'])
      })

      it('takes words apart, each of which must be somewhere', async () => {
        await given({
          u1: { firstName: 'José', lastName: 'García Lorca' },
          u2: { firstName: 'José', lastName: 'Lorca' },
          u3: { firstName: 'Garcia', phoneNumber: '600123' },
        })
        expect(await found({ quick: 'garcia  jose' })).toEqual(['u1'])
        expect(await found({ quick: ' lorca\u00a0jos ' })).toEqual(['u1', 'u2'])
        expect(await found({ quick: 'garcia 0012' })).toEqual(['u3'])
        expect(await found({ quick: 'garcia lorcas' })).toEqual([])
      })

      it.each(['+34 612 345 678', '34612345678', '612-345-678', '(612) 345', '34.612.345.678', '٦١٢٣٤٥'])(
        'finds a phone number however it is written: %s',
        async (quick) => {
          await given({
            u1: { phoneNumber: '+34612345678' },
            u2: { phoneNumber: '+34 (612) 345-678' },
            u3: { phoneNumber: '+34 612 99 88 77' },
          })
          expect(await found({ quick })).toEqual(['u1', 'u2'])
        },
      )

      it('takes digits and signs that are no phone number as text', async () => {
        await given({ 'room-12': {}, u2: { phoneNumber: '12' }, 'a-1.2': {} })
        expect(await found({ quick: '1.2' })).toEqual(['a-1.2'])
        expect(await found({ quick: '-12' })).toEqual(['room-12'])
      })
    })

    describe('folded', () => {
      it.each([
        ['JOSÉ', 'jose'],
        ['jose', 'JOSÉ'],
        ['Jose\u0301', 'josé'],
        ['Łukasz', 'lukasz'],
        ['Østergaard', 'oster'],
        ['İbrahim', 'ibrahim'],
        ['Straße', 'STRASSE'],
        ['Παύλος', 'ΠΑΥΛΟΣ'],
        ['ΠΑΎΛΟΣ', 'παυλοσ'],
        ['Ёлкин', 'елкин'],
        ['Nguyễn', 'nguyen'],
        ['Ｗｉｄｅ', 'wide'],
        ['ﬁne', 'FINE'],
        ['陽子', '陽'],
        ['مُحَمَّد', 'مُحَمَّد'],
      ])('%s is found by %s', async (firstName, value) => {
        await given({ u1: { firstName }, u2: { firstName: 'Other' } })
        expect(await where('contains', 'first_name', value)).toEqual(['u1'])
        expect(await found({ quick: value })).toEqual(['u1'])
      })

      it('is not another letter', async () => {
        await given({ u1: { firstName: 'か' }, u2: { firstName: 'が' } })
        expect(await where('equals', 'first_name', 'が')).toEqual(['u2'])
      })
    })

    describe('exact', () => {
      it('minds case and accents, but not how an accent is written', async () => {
        await given({
          u1: { firstName: 'José' },
          u2: { firstName: 'Jose' },
          u3: { firstName: 'JOSÉ' },
          u4: { firstName: 'Jose\u0301' },
        })
        const exact = (kind: TermKind, value: string): Promise<string[]> =>
          found({ match: 'exact', terms: [term(kind, 'first_name', value)] })
        expect(await exact('equals', 'José')).toEqual(['u1', 'u4'])
        expect(await exact('equals', 'Jose\u0301')).toEqual(['u1', 'u4'])
        expect(await exact('starts_with', 'J')).toEqual(['u1', 'u2', 'u3', 'u4'])
        expect(await exact('contains', 'ose')).toEqual(['u2'])
        expect(await found({ match: 'exact', quick: 'José' })).toEqual(['u1', 'u4'])
        expect(await found({ match: 'exact', quick: 'j' })).toEqual([])
      })

      it('takes phone numbers by their digits nevertheless', async () => {
        await given({ u1: { phoneNumber: '612 345' }, u2: { phoneNumber: '612 346' } })
        const terms = [term('equals', 'phone_number', '612-345')]
        expect(await found({ match: 'exact', terms })).toEqual(['u1'])
        expect(await found({ match: 'exact', quick: '612-345' })).toEqual(['u1'])
      })
    })

    describe('by a field', () => {
      const fields = [
        ['email', 'email'],
        ['first_name', 'firstName'],
        ['last_name', 'lastName'],
      ] as const

      it.each(fields)('%s: begins with, contains, equals', async (named, property) => {
        const address = randomUUID()
        const text = (value: string, index: number): Fields => ({
          [property]: named === 'email' ? `${value}@${index}.${address}` : value,
        })
        await given({ u1: text('abcde', 1), u2: text('xabcd', 2), u3: text('abcdx', 3), u4: {} })
        expect(await where('starts_with', named, 'ABC')).toEqual(['u1', 'u3'])
        expect(await where('contains', named, 'bcd')).toEqual(['u1', 'u2', 'u3'])
        const whole = named === 'email' ? `ABCDE@1.${address}` : 'ABCDE'
        expect(await where('equals', named, whole)).toEqual(['u1'])
        expect(await where('equals', named, 'abcd')).toEqual([])
      })

      it('username: begins with, contains, equals', async () => {
        await given({
          abcde: { firstName: 'qabc' },
          xabcd: {},
          abcdx: {},
          other: { email: `abc-${randomUUID()}@a.example` },
        })
        expect(await where('starts_with', 'username', 'Abc')).toEqual(['abcde', 'abcdx'])
        expect(await where('contains', 'username', 'BCD')).toEqual(['abcde', 'abcdx', 'xabcd'])
        expect(await where('equals', 'username', 'ABCDE')).toEqual(['abcde'])
      })

      it('phone_number: by its digits', async () => {
        await given({
          u1: { phoneNumber: '+34 612-345', lastName: '612' },
          u2: { phoneNumber: '34612345' },
          u3: { phoneNumber: '612345 x3' },
          u4: { firstName: '612345' },
        })
        expect(await where('equals', 'phone_number', '(34) 612345')).toEqual(['u1', 'u2'])
        expect(await where('starts_with', 'phone_number', '612.3')).toEqual(['u3'])
        expect(await where('contains', 'phone_number', '612 345')).toEqual(['u1', 'u2', 'u3'])
        expect(await where('contains', 'attributes.phone_number', '5')).toEqual(['u1', 'u2', 'u3'])
      })

      it('does not look into the field beside it, nor across', async () => {
        await given({ u1: { firstName: 'Anna', lastName: 'Berg' }, u2: { firstName: 'Berg', lastName: 'Anna' } })
        expect(await where('equals', 'first_name', 'anna')).toEqual(['u1'])
        expect(await where('starts_with', 'last_name', 'a')).toEqual(['u2'])
        expect(await where('contains', 'first_name', 'ann')).toEqual(['u1'])
        expect(await where('contains', 'first_name', 'anna berg')).toEqual([])
        expect(await found({ quick: 'naberg' })).toEqual([])
      })

      it('finds a single character, also one that no word has', async () => {
        await given({ u1: { firstName: 'Ж' }, u2: { lastName: '#' }, u3: { firstName: 'X' } })
        expect(await found({ quick: 'ж' })).toEqual(['u1'])
        expect(await where('contains', 'last_name', '#')).toEqual(['u2'])
        expect(await where('starts_with', 'first_name', 'x')).toEqual(['u3'])
      })

      it('takes wildcards, backslashes and quotes as they are', async () => {
        await given({
          u1: { firstName: '100%' },
          u2: { firstName: 'a_b' },
          u3: { firstName: 'a\\b' },
          u4: { firstName: "a'b" },
          u5: { firstName: 'axb 1000' },
          u6: { firstName: '％ wide' },
        })
        for (const [value, users] of [
          ['%', ['u1', 'u6']],
          ['_', ['u2']],
          ['\\', ['u3']],
          ["a'b", ['u4']],
          ['a_b', ['u2']],
          ['a%b', []],
          ['100%', ['u1']],
          ['%%', []],
          ['$1', []],
        ] as const) {
          expect(await where('contains', 'first_name', value), value).toEqual(users)
          expect(await found({ quick: value }), value).toEqual(users)
          const exact = await found({ match: 'exact', terms: [term('contains', 'first_name', value)] })
          expect(exact, value).toEqual(users.filter((user) => user !== 'u6'))
        }
      })

      it('finds by all terms together', async () => {
        await given({
          u1: { firstName: 'Anna', lastName: 'Berg' },
          u2: { firstName: 'Anna', lastName: 'Thal' },
          u3: { firstName: 'Annabel', lastName: 'Berg' },
        })
        const terms = [term('starts_with', 'first_name', 'anna'), term('equals', 'last_name', 'berg')]
        expect(await found({ terms })).toEqual(['u1', 'u3'])
        expect(await found({ terms: [...terms, term('contains', 'first_name', 'bel')] })).toEqual(['u3'])
        expect(await found({ terms, quick: 'annab' })).toEqual(['u3'])
      })
    })

    describe('by an attribute', () => {
      it('begins with, contains, equals: one of its values', async () => {
        await given({
          u1: { attributes: { colour: ['Dark Red', 'blue'], other: ['green'] } },
          u2: { attributes: { colour: ['red'] } },
          u3: { attributes: { other: ['red'], Colour: ['red'], 'a.colour': ['red'] } },
          u4: {},
        })
        expect(await where('contains', 'attributes.colour', 'RÉD')).toEqual(['u1', 'u2'])
        expect(await where('starts_with', 'attributes.colour', 'r')).toEqual(['u2'])
        expect(await where('equals', 'attributes.colour', 'dark red')).toEqual(['u1'])
        expect(await where('equals', 'attributes.colour', 'green')).toEqual([])
        expect(await where('equals', 'attributes.Colour', 'red')).toEqual(['u3'])
        expect(await where('equals', 'attributes.a.colour', 'red')).toEqual(['u3'])
        const exact = [term('contains', 'attributes.colour', 'Red')]
        expect(await found({ match: 'exact', terms: exact })).toEqual(['u1'])
      })

      it('is one of any name and any content', async () => {
        const keys = ['constructor', '__proto__', "a'b", 'a=b', 'ключ', '%', 'a]b', 'with blank']
        for (const [index, key] of keys.entries())
          await given({ [`u${index}`]: { attributes: Object.fromEntries([[key, ['a\nb=c%', 'x']]]) } })
        for (const [index, key] of keys.entries()) {
          expect(await where('equals', `attributes.${key}`, 'x'), key).toEqual([`u${index}`])
          expect(await where('contains', `attributes.${key}`, 'b=c%'), key).toEqual([`u${index}`])
        }
        expect(await where('equals', 'attributes.a', 'b=x')).toEqual([])
      })
    })

    describe('in a scope', () => {
      it('finds nobody outside, whatever is looked for', async () => {
        const elsewhere = parseDomainName(`else.${randomUUID()}`)
        await bench.addDomain(elsewhere)
        await given({ inside: { firstName: 'Anna' }, deep: { firstName: 'Anna', domain: child } })
        await given({ outside: { firstName: 'Anna', domain: elsewhere } })
        expect(await found({ quick: 'anna' })).toEqual(['deep', 'inside'])
        expect(await found({ quick: 'anna', domain })).toEqual(['inside'])
        expect(await found({ quick: 'anna', domain: child })).toEqual(['deep'])
        expect(await found({ quick: 'anna', domain: elsewhere })).toEqual([])
        const { users } = await find({ domain: elsewhere }, 10, undefined, { everything: true })
        expect(users.map(({ user }) => user.username)).toEqual(['outside'])
      })
    })

    describe('in order', () => {
      async function walked(criteria: Partial<SearchCriteria>, limit: number): Promise<string[]> {
        const names: string[] = []
        for (let behind: Position | undefined; ;) {
          const { users } = await find(criteria, limit, behind)
          names.push(...users.map(({ user }) => user.username))
          behind = users.at(-1)?.position
          if (users.length < limit) return names
        }
      }

      it('sorts by username, by names, and by the time of creation, both ways', async () => {
        await given({ b: { firstName: 'B', lastName: 'Åberg' } })
        await given({ c: { firstName: 'A', lastName: 'aberg' } })
        await given({ a: { lastName: 'Zorn' }, ä: {} })
        const sorted = (key: SearchCriteria['sort']['key'], descending = false): Promise<string[]> =>
          walked({ sort: { key, descending } }, 1000)
        expect(await sorted('username')).toEqual(['a', 'b', 'c', 'ä'])
        expect(await sorted('username', true)).toEqual(['ä', 'c', 'b', 'a'])
        expect(await sorted('last_name')).toEqual(['ä', 'c', 'b', 'a'])
        expect(await sorted('last_name', true)).toEqual(['a', 'b', 'c', 'ä'])
        expect((await sorted('created_at')).slice(0, 2)).toEqual(['b', 'c'])
        expect((await sorted('created_at', true)).slice(2)).toEqual(['c', 'b'])
      })

      it.each(['username', 'last_name', 'created_at'] as const)(
        'walks by %s in pages that never skip nor repeat, among equals, too',
        async (key) => {
          const others = parseDomainName(`others.${randomUUID()}`)
          await bench.addDomain(others, domain)
          for (const home of [domain, child, others])
            await given(
              Object.fromEntries(['a', 'b', 'c'].map((username) => [username, { domain: home, lastName: 'Same' }])),
            )
          for (const descending of [false, true]) {
            const sort = { key, descending }
            const all = (await find({ sort })).users.map(({ user }) => user.id)
            for (const limit of [1, 2, 4]) {
              const ids: string[] = []
              let behind: Position | undefined
              do {
                const { users, total } = await find({ sort }, limit, behind)
                expect(total).toBe(9)
                ids.push(...users.map(({ user }) => user.id))
                behind = users.at(-1)?.position
              } while (behind !== undefined)
              expect(ids).toEqual(all)
            }
          }
        },
      )

      it('goes on behind a user that is gone meanwhile, and shows whoever came', async () => {
        const [, second] = await given({ a: {}, b: {}, c: {} })
        const { users } = await find({}, 2)
        await bench.remove(second!.user.id)
        await given({ bb: {}, aa: {} })
        const rest = await find({}, 10, users[1]?.position)
        expect(rest.users.map(({ user }) => user.username)).toEqual(['bb', 'c'])
        expect(rest.total).toBe(4)
      })
    })

    it('finds a change at once', async () => {
      const [record] = await given({ u1: { firstName: 'Before', phoneNumber: '1', attributes: { a: ['before'] } } })
      await bench.replace({
        ...record!,
        user: { ...record!.user, firstName: 'After', phoneNumber: '2', attributes: { a: ['after'] } },
      })
      expect(await found({ quick: 'before' })).toEqual([])
      expect(await where('equals', 'phone_number', '1')).toEqual([])
      expect(await where('equals', 'attributes.a', 'before')).toEqual([])
      expect(await found({ quick: 'after' })).toEqual(['u1'])
      expect(await where('equals', 'phone_number', '2')).toEqual(['u1'])
      expect(await where('equals', 'attributes.a', 'after')).toEqual(['u1'])
    })

    it(`counts exactly below ${estimatedFrom}, and estimates from there on`, async () => {
      await bench.addCrowd(domain, estimatedFrom - 1)
      const terms = [term('equals', 'last_name', 'crowd')]
      expect(await find({ terms }, 3)).toMatchObject({ total: estimatedFrom - 1, isEstimate: false })
      await bench.addCrowd(child, 5001)
      const many = await find({ terms }, 3)
      expect(many.isEstimate).toBe(true)
      expect(many.total).toBeGreaterThanOrEqual(estimatedFrom)
      expect(many.total).toBeLessThan(4 * estimatedFrom)
      const names = many.users.map(({ user }) => user.username)
      expect(names).toEqual(['crowd-000001', 'crowd-000001', 'crowd-000002'])
      const further = await find({ terms }, 2, many.users[2]?.position)
      expect(further.users.map(({ user }) => user.username)).toEqual(['crowd-000002', 'crowd-000003'])
      const last = await find({ terms, sort: { key: 'username', descending: true } }, 1)
      expect(last.users.map(({ user }) => user.username)).toEqual([`crowd-00${estimatedFrom - 1}`])
    })
  })
}
