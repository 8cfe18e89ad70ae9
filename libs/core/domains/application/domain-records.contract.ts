import { randomBytes, randomUUID } from 'node:crypto'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { everywhere, type Scope, type Transaction } from '#kernel'
import type { Domain } from '../domain/domain.ts'
import { type DomainName, parseDomainName } from '../domain/domain-name.ts'
import type { DomainFilter, DomainRecords } from './domain-records.ts'
import { newDomainSettings } from './domain-registry.contract.ts'

export interface DomainRecordsBench {
  readonly records: DomainRecords
  /** A unit of work: what it writes is there when it ends, and isn't when it throws. */
  transaction<Result>(work: (within: Transaction) => Promise<Result>): Promise<Result>
  /** Adds a user to a domain; its id. */
  addUser(domain: DomainName): Promise<string>
  domainOfUser(id: string): Promise<DomainName | undefined>
}

function below(domain: string): Scope {
  return { everything: false, domain }
}

export function newDomain(fields: Partial<Omit<Domain, 'name'>> & { readonly name?: string } = {}): Domain {
  const { id = randomBytes(12).toString('hex'), name = randomUUID(), ...settings } = fields
  return { id, ...newDomainSettings({ ...settings, name: parseDomainName(name) }) }
}

export function domainRecordsContract(name: string, setUp: () => Promise<DomainRecordsBench>): void {
  describe(`${name}: domain records`, () => {
    let bench: DomainRecordsBench
    let records: DomainRecords
    /** Domains that no other test has: the child lies below the top, the grandchild below the child, the neighbour nowhere near. */
    let top: Domain
    let child: Domain
    let grandchild: Domain
    let neighbour: Domain
    beforeAll(async () => {
      bench = await setUp()
      records = bench.records
    })

    beforeEach(async () => {
      const id = randomUUID()
      top = newDomain({ name: `a-top.${id}` })
      child = newDomain({ name: `b-child.${id}`, parent: top.name })
      grandchild = newDomain({ name: `c-grandchild.${id}`, parent: child.name })
      neighbour = newDomain({ name: `d-neighbour.${id}` })
      await given(top, child, grandchild, neighbour)
    })

    async function given(...domains: readonly Domain[]): Promise<void> {
      await bench.transaction(async (within) => {
        for (const domain of domains) await records.add(domain, within)
      })
    }

    async function replaced(domain: Domain): Promise<void> {
      await bench.transaction((within) => records.replace(domain, within))
    }

    async function removed(domain: Domain): Promise<void> {
      await bench.transaction((within) => records.remove(domain.id, within))
    }

    async function named(scope: Scope, filter: DomainFilter = {}): Promise<string[]> {
      return (await records.list(scope, filter)).map((domain) => domain.name)
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
        const domain = newDomain({
          name: `a_b-c.${'x'.repeat(200)}.${randomUUID()}`,
          parent: top.name,
          enableAnonymous: true,
          anonymousCapabilities: ['chat', 'call', 'chat', `"'\\{}, é 🙂`],
          origins: ['https://example.com', String.raw`/^https:.*\.é"'$/`],
          remoteSipRegister: true,
          services: { contacts: ['wac', 'static'], callcontrol: [], oauth2client: [`"quoted" '\\' %_ $1`] },
        })
        await given(domain)
        expect(await records.find(everywhere, domain.id)).toEqual(domain)
        expect(await records.findByName(everywhere, domain.name)).toEqual(domain)
        expect(await records.list(everywhere, { name: domain.name })).toEqual([domain])
        expect(await records.children(top.name)).toContainEqual(domain)
      })

      it('has no domain above it where it was given none', async () => {
        expect((await records.find(everywhere, top.id))?.parent).toBeUndefined()
      })

      it('is not found where it is not there', async () => {
        expect(await records.find(everywhere, 'f'.repeat(24))).toBeUndefined()
        expect(await records.findByName(everywhere, parseDomainName(`no-${top.name}`))).toBeUndefined()
        expect(await records.findByName(everywhere, parseDomainName(top.name.slice(0, -1)))).toBeUndefined()
      })
    })

    describe('the list', () => {
      it('is in the order of names, by code point', async () => {
        const inOrder = [
          '-',
          '--',
          '-a',
          '0',
          '0.a',
          '10',
          '2',
          '_',
          '_a',
          'a',
          'a-b',
          'a.b',
          'a0',
          'a_b',
          'aa',
          'ab',
          'b',
          'z',
        ]
        const parent = grandchild.name
        const names = inOrder.map((start) => `${start}.${parent}`)
        await given(...names.toReversed().map((each) => newDomain({ name: each, parent })))
        expect(await named(below(parent))).toEqual([...names, parent].toSorted(byCodePoint))
        expect((await records.children(parent)).map((each) => each.name)).toEqual(names.toSorted(byCodePoint))
      })

      it('can be of one name, as a whole', async () => {
        expect(await named(everywhere, { name: child.name })).toEqual([child.name])
        for (const other of [child.name.slice(1), `${child.name}x`, '', '%', "' OR true --"])
          expect(await named(everywhere, { name: other })).toEqual([])
      })

      it('can be of names with a part, in any case', async () => {
        const part = top.name.slice('a-top'.length)
        const all = [top.name, child.name, grandchild.name, neighbour.name]
        for (const nameContains of [part, part.toUpperCase()])
          expect(await named(everywhere, { nameContains })).toEqual(all)
        expect(await named(below(top.name), { nameContains: 'CHILD' })).toEqual([child.name, grandchild.name])
        expect(await named(below(top.name), { nameContains: `d${part}` })).toEqual([child.name, grandchild.name])
        expect(await named(below(top.name), { nameContains: '' })).toEqual([top.name, child.name, grandchild.name])
        expect(await named(below(top.name), { nameContains: 'childs' })).toEqual([])
      })

      it('takes wildcards literally', async () => {
        const [underscored, other] = ['a_b', 'axb'].map((start) =>
          newDomain({ name: `${start}.${top.name}`, parent: grandchild.name }),
        )
        await given(underscored!, other!)
        expect(await named(below(grandchild.name), { nameContains: 'a_b' })).toEqual([underscored!.name])
        expect(await named(below(grandchild.name), { nameContains: '_' })).toEqual([underscored!.name])
        for (const nameContains of ['%', 'a%b', '\\', 'a\\_b', '.*', "'"])
          expect(await named(below(grandchild.name), { nameContains })).toEqual([])
      })

      it('takes both filters together', async () => {
        expect(await named(everywhere, { name: child.name, nameContains: 'child' })).toEqual([child.name])
        expect(await named(everywhere, { name: top.name, nameContains: 'child' })).toEqual([])
      })
    })

    describe('a scope', () => {
      /** Which of the four can be seen, by each of the ways to look. */
      async function seen(scope: Scope): Promise<string[][]> {
        const list = new Set(await named(scope))
        const ways = [
          (domain: Domain) => Promise.resolve(list.has(domain.name)),
          async (domain: Domain) => (await records.find(scope, domain.id)) !== undefined,
          async (domain: Domain) => (await records.findByName(scope, domain.name)) !== undefined,
          async (domain: Domain) => (await named(scope, { name: domain.name })).length > 0,
          async (domain: Domain) => (await named(scope, { nameContains: domain.name })).length > 0,
        ]
        return Promise.all(
          ways.map(async (sees) => {
            const all = [top, child, grandchild, neighbour]
            const found = await Promise.all(all.map(async (domain) => [domain, await sees(domain)] as const))
            return found.filter(([, isSeen]) => isSeen).map(([domain]) => domain.name)
          }),
        )
      }
      const eachWay = (...domains: readonly Domain[]): unknown =>
        Array.from({ length: 5 }, () => domains.map((domain) => domain.name))

      it('of everything sees every domain', async () => {
        expect(await seen(everywhere)).toEqual(eachWay(top, child, grandchild, neighbour))
      })

      it('of a domain sees it and all that lies below it, and nothing beside or above it', async () => {
        expect(await seen(below(top.name))).toEqual(eachWay(top, child, grandchild))
        expect(await seen(below(child.name))).toEqual(eachWay(child, grandchild))
        expect(await seen(below(grandchild.name))).toEqual(eachWay(grandchild))
        expect(await seen(below(neighbour.name))).toEqual(eachWay(neighbour))
      })

      it('of a domain that does not exist sees nothing', async () => {
        for (const domain of [`no-${top.name}`, '', '%', top.name.slice(0, -1)])
          expect(await seen(below(domain))).toEqual(eachWay())
      })

      it('follows a domain that moves, with all that lies below it', async () => {
        await replaced({ ...child, parent: neighbour.name })
        expect(await seen(below(top.name))).toEqual(eachWay(top))
        expect(await seen(below(neighbour.name))).toEqual(eachWay(child, grandchild, neighbour))
      })

      it('ends where a tree has been bent into a ring', async () => {
        await replaced({ ...top, parent: grandchild.name })
        expect(await seen(below(child.name))).toEqual(eachWay(top, child, grandchild))
        expect(await seen(below(neighbour.name))).toEqual(eachWay(neighbour))
      })
    })

    describe('what is in a domain', () => {
      it('are its children, and not theirs', async () => {
        expect(await records.children(top.name)).toEqual([child])
        expect(await records.children(child.name)).toEqual([grandchild])
        expect(await records.children(grandchild.name)).toEqual([])
        expect(await records.children(parseDomainName(`no-${top.name}`))).toEqual([])
      })

      it('are its users, and not those below', async () => {
        for (const domain of [top, child, child]) await bench.addUser(domain.name)
        const counts = [top, child, grandchild].map((domain) => records.countUsers(domain.name))
        expect(await Promise.all(counts)).toEqual([1, 2, 0])
        expect(await records.countUsers(parseDomainName(`no-${top.name}`))).toBe(0)
      })
    })

    describe('writing', () => {
      it('replaces all of a record', async () => {
        const after = newDomain({
          id: child.id,
          parent: neighbour.name,
          name: child.name,
          enableAnonymous: true,
          anonymousCapabilities: ['call'],
          origins: ['/.*/'],
          remoteSipRegister: true,
          services: { contacts: ['wac'] },
        })
        await replaced(after)
        expect(await records.find(everywhere, child.id)).toEqual(after)
        await replaced(child)
        expect(await records.find(everywhere, child.id)).toEqual(child)
      })

      it('takes users and children along to a new name', async () => {
        const [user, deeper] = [await bench.addUser(child.name), await bench.addUser(grandchild.name)]
        const renamed = newDomain({ ...child, name: `renamed.${child.name}` })
        await replaced(renamed)
        expect(await records.children(renamed.name)).toEqual([{ ...grandchild, parent: renamed.name }])
        expect(await records.countUsers(renamed.name)).toBe(1)
        expect([await bench.domainOfUser(user), await bench.domainOfUser(deeper)]).toEqual([
          renamed.name,
          grandchild.name,
        ])
        expect(await named(below(renamed.name))).toEqual([grandchild.name, renamed.name])
        expect(await named(below(top.name))).toEqual([top.name, grandchild.name, renamed.name])
      })

      it('leaves nothing under an old name, which is free again', async () => {
        await bench.addUser(child.name)
        await replaced(newDomain({ ...child, name: `renamed.${child.name}` }))
        expect(await records.findByName(everywhere, child.name)).toBeUndefined()
        expect(await records.children(child.name)).toEqual([])
        expect(await records.countUsers(child.name)).toBe(0)
        expect(await named(below(child.name))).toEqual([])
        const next = newDomain({ name: child.name, parent: top.name })
        await given(next)
        expect(await named(below(child.name))).toEqual([next.name])
      })

      it('removes one domain', async () => {
        await removed(grandchild)
        expect(await records.find(everywhere, grandchild.id)).toBeUndefined()
        expect(await named(below(top.name))).toEqual([top.name, child.name])
      })

      it('never removes a domain from above or around what is in it', async () => {
        await bench.addUser(grandchild.name)
        for (const domain of [top, child, grandchild]) await expect(removed(domain)).rejects.toThrow()
        expect(await named(below(top.name))).toEqual([top.name, child.name, grandchild.name])
      })

      it('never keeps two domains of one name or id, nor one below a domain that is not there', async () => {
        const refused = [
          newDomain({ name: child.name }),
          newDomain({ id: child.id }),
          newDomain({ parent: parseDomainName(`no-${top.name}`) }),
        ]
        for (const domain of refused) {
          await expect(given(domain)).rejects.toThrow()
          expect(await records.list(everywhere, { name: domain.name })).toEqual(
            domain.name === child.name ? [child] : [],
          )
        }
        await expect(replaced({ ...grandchild, name: child.name })).rejects.toThrow()
        expect(await records.find(everywhere, grandchild.id)).toEqual(grandchild)
      })

      it('touches nothing where there is no such domain', async () => {
        const stranger = newDomain()
        await replaced(stranger)
        await removed(stranger)
        expect(await records.find(everywhere, stranger.id)).toBeUndefined()
        expect(await records.list(below(top.name), {})).toEqual([top, child, grandchild])
      })

      it('is seen when the unit of work ends, not before', async () => {
        const added = newDomain({ name: `e.${top.name}`, parent: top.name })
        await bench.transaction(async (within) => {
          await records.add(added, within)
          await records.replace({ ...child, enableAnonymous: true }, within)
          await records.remove(grandchild.id, within)
          expect(await records.list(below(top.name), {})).toEqual([top, child, grandchild])
        })
        expect(await records.list(below(top.name), {})).toEqual([top, { ...child, enableAnonymous: true }, added])
      })

      it('leaves no trace when the unit of work fails', async () => {
        await undone((within) => records.add(newDomain({ parent: top.name }), within))
        await undone((within) => records.replace(newDomain({ ...child, name: `renamed.${child.name}` }), within))
        await undone((within) => records.remove(grandchild.id, within))
        expect(await records.list(below(top.name), {})).toEqual([top, child, grandchild])
      })
    })
  })
}

function byCodePoint(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other))
}
