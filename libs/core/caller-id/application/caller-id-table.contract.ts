import { randomUUID } from 'node:crypto'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { DomainError, type Page } from '#kernel'
import type { CallerIdEntry } from '../domain/caller-id-entry.ts'
import type { CallerIdTable, EntryFilter } from './caller-id-table.ts'

export interface CallerIdTableBench {
  readonly table: CallerIdTable
  /** Writes a row as others do, who know no rules. */
  insert(name: string, value: string): Promise<void>
}

const onePage: Page = { max: 1000, page: 0 }

export function callerIdTableContract(name: string, setUp: () => Promise<CallerIdTableBench>): void {
  describe(`${name}: caller-ID table`, () => {
    let bench: CallerIdTableBench
    let table: CallerIdTable
    /** What the names of one test have in common, and no others have. */
    let prefix: string
    beforeAll(async () => {
      bench = await setUp()
      table = bench.table
    })
    beforeEach(() => {
      prefix = `${randomUUID().slice(0, 13)}:`
    })

    const called = (ending: string): string => `${prefix}${ending}`

    async function given(...endings: readonly string[]): Promise<void> {
      for (const ending of endings) await table.add({ name: called(ending), value: ending })
    }

    /** What the names on a page end in. */
    async function listed(filter: EntryFilter = {}, page = onePage): Promise<string[]> {
      const { entries } = await table.list({ nameContains: prefix, ...filter }, page)
      return entries.map((entry) => entry.name.slice(prefix.length))
    }

    async function outcomesOf(attempts: readonly Promise<unknown>[]): Promise<string[]> {
      const settled = await Promise.allSettled(attempts)
      return settled.map((outcome) => (outcome.status === 'fulfilled' ? 'done' : codeOf(outcome.reason))).sort()
    }

    describe('an entry', () => {
      it('is kept as it is', async () => {
        const entries = [' ', 'a b', '+34 912', `"'\\%_$1`, 'é ☎ 🙂 م', 'A', 'a', 'ends in a blank ']
        for (const ending of entries) await table.add({ name: called(ending), value: `${ending}=${ending}` })
        for (const ending of entries) {
          const entry = { name: called(ending), value: `${ending}=${ending}` }
          expect(await table.find(entry.name)).toEqual(entry)
        }
        expect((await listed()).toSorted()).toEqual(entries.toSorted())
      })

      it('has room for 64 characters and 128', async () => {
        for (const letter of ['x', '中', 'é']) {
          const entry = { name: called('').padEnd(64, letter), value: letter.repeat(128) }
          await table.add(entry)
          expect(await table.find(entry.name)).toEqual(entry)
          expect((await table.list({ nameContains: entry.name }, onePage)).entries).toEqual([entry])
        }
      })

      it('is found by its whole name, in its case', async () => {
        await given('Abc')
        for (const other of ['abc', 'Ab', 'Abcd', 'Abc ', 'A%', 'A_c', ''])
          expect(await table.find(called(other))).toBeUndefined()
      })

      it('is refused where its name is in use, whatever its value', async () => {
        await given('a')
        for (const value of ['a', 'b']) {
          const adding = table.add({ name: called('a'), value })
          await expect(adding).rejects.toMatchObject({ kind: 'conflict', code: 'caller_id.name_taken' })
        }
        expect(await table.list({ nameContains: prefix }, onePage)).toEqual({
          entries: [{ name: called('a'), value: 'a' }],
          total: 1,
        })
      })

      it('is added once when eight come at once', async () => {
        const attempts = Array.from({ length: 8 }, (_, index) => table.add({ name: called('a'), value: String(index) }))
        expect(await outcomesOf(attempts)).toEqual([...Array.from({ length: 7 }, () => 'caller_id.name_taken'), 'done'])
        expect(await listed()).toEqual(['a'])
      })

      it('does not wait for others that come with it', async () => {
        const endings = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']
        await Promise.all(endings.map((ending) => given(ending)))
        expect(await listed()).toEqual(endings)
      })

      it('is removed, and can come again', async () => {
        await given('a', 'b')
        expect(await table.remove(called('a'))).toBe(true)
        expect(await table.find(called('a'))).toBeUndefined()
        expect(await listed()).toEqual(['b'])
        expect(await table.remove(called('a'))).toBe(false)
        await given('a')
        expect(await listed()).toEqual(['a', 'b'])
      })

      it('stays where only a name like it is removed', async () => {
        await given('abc')
        for (const other of ['ab', 'ABC', 'a%', 'a_c', '%', '']) expect(await table.remove(called(other))).toBe(false)
        expect(await listed()).toEqual(['abc'])
      })
    })

    describe('rows that others wrote', () => {
      it('can have the same name twice: the last one counts, as for the sip-proxy', async () => {
        await bench.insert(called('a'), 'first')
        await bench.insert(called('a'), 'second')
        expect(await table.find(called('a'))).toEqual({ name: called('a'), value: 'second' })
      })

      it('are all listed and counted, in the order in which they were written', async () => {
        const values = ['z', 'a', 'm']
        await bench.insert(called('b'), 'b')
        for (const value of values) await bench.insert(called('a'), value)
        const { entries, total } = await table.list({ nameContains: prefix }, onePage)
        expect(entries.map(({ value }: CallerIdEntry) => value)).toEqual([...values, 'b'])
        expect(total).toBe(4)
      })

      it('take their name', async () => {
        await bench.insert(called('a'), 'first')
        await expect(given('a')).rejects.toMatchObject({ code: 'caller_id.name_taken' })
      })

      it('go all at once with their name', async () => {
        await bench.insert(called('a'), 'first')
        await bench.insert(called('a'), 'second')
        await bench.insert(called('b'), 'third')
        expect(await table.remove(called('a'))).toBe(true)
        expect(await listed()).toEqual(['b'])
      })

      it('may have an empty value', async () => {
        await bench.insert(called('a'), '')
        expect(await table.find(called('a'))).toEqual({ name: called('a'), value: '' })
        expect(await listed({ valueContains: '' })).toEqual(['a'])
      })
    })

    describe('the list', () => {
      it('is in the order of names, by code point', async () => {
        const inOrder = [
          ' ',
          '%',
          '+1',
          '-',
          '10',
          '2',
          'A',
          'B',
          'Z',
          '_',
          'a',
          'a b',
          'aa',
          'b',
          'z',
          'é',
          'م',
          '中',
          'ａ',
          '🙂',
        ]
        await given(...inOrder.toReversed())
        expect(await listed()).toEqual(inOrder)
      })

      it('has every row on one page, without gaps or repeats, and the same total on each', async () => {
        for (const ending of ['c', 'a', 'b', 'a', 'e', 'd', 'a']) await bench.insert(called(ending), randomUUID())
        const { entries: whole } = await table.list({ nameContains: prefix }, onePage)
        for (const max of [1, 2, 3, 7]) {
          const pages: CallerIdEntry[] = []
          for (let page = 0; page * max < 7; page++) {
            const { entries, total } = await table.list({ nameContains: prefix }, { max, page })
            expect(total).toBe(7)
            pages.push(...entries)
          }
          expect(pages).toEqual(whole)
        }
      })

      it('tells the total beyond the last page, too', async () => {
        await given('a', 'b', 'c')
        for (const page of [3, 1_000_000])
          expect(await table.list({ nameContains: prefix }, { max: 1, page })).toEqual({ entries: [], total: 3 })
      })

      it('can be of names or values with a part, in any case, and of both', async () => {
        await table.add({ name: called('Alpha'), value: 'one TWO three' })
        await table.add({ name: called('beta'), value: 'two' })
        await table.add({ name: called('ÑANDÚ'), value: 'ÉTÉ' })
        expect(await listed({ nameContains: `${prefix}ALP` })).toEqual(['Alpha'])
        expect(await listed({ nameContains: `${prefix.toUpperCase()}alpha` })).toEqual(['Alpha'])
        expect(await listed({ nameContains: called('ñandú') })).toEqual(['ÑANDÚ'])
        expect(await listed({ valueContains: 'Two' })).toEqual(['Alpha', 'beta'])
        expect(await listed({ valueContains: 'été' })).toEqual(['ÑANDÚ'])
        expect(await listed({ nameContains: called('b'), valueContains: 'tw' })).toEqual(['beta'])
        expect(await listed({ nameContains: called('b'), valueContains: 'one' })).toEqual([])
        expect(await listed({ valueContains: '' })).toEqual(['Alpha', 'beta', 'ÑANDÚ'])
      })

      it('takes wildcards literally', async () => {
        await given('a_b', 'a%b', 'a\\b', 'axb')
        for (const ending of ['a_b', 'a%b', 'a\\b']) {
          expect(await listed({ nameContains: called(ending) })).toEqual([ending])
          expect(await listed({ valueContains: ending })).toEqual([ending])
        }
        expect(await listed({ nameContains: called('%b') })).toEqual([])
        expect(await listed({ valueContains: '%' })).toEqual(['a%b'])
        expect(await listed({ valueContains: '_' })).toEqual(['a_b'])
        expect(await listed({ valueContains: "' OR true --" })).toEqual([])
      })
    })
  })
}

function codeOf(reason: unknown): string {
  return reason instanceof DomainError ? reason.code : String(reason)
}
