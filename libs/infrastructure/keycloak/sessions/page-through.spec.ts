import { describe, expect, it } from 'vitest'
import { pageThrough, type Paging } from './page-through.ts'

/** A list in the order of its ids, from which something may go after each page. */
class Shrinking {
  readonly ids: string[]
  pages = 0

  constructor(
    size: number,
    private readonly shrink: (ids: string[]) => void = () => undefined,
  ) {
    this.ids = Array.from({ length: size }, (_, index) => `id-${String(index).padStart(4, '0')}`)
  }

  pageFrom = (first: number, max: number): Promise<{ id: string }[]> => {
    const page = this.ids.slice(first, first + max).map((id) => ({ id }))
    this.pages++
    this.shrink(this.ids)
    return Promise.resolve(page)
  }
}

async function seenOf(list: Shrinking, paging: Paging): Promise<string[]> {
  const seen: string[] = []
  for await (const page of pageThrough(list.pageFrom, paging)) seen.push(...page.map(({ id }) => id))
  return seen
}

describe('Paging through a list', () => {
  it.each([0, 1, 9, 10, 11, 95, 100])('of %i shows every entry once, in order', async (size) => {
    const list = new Shrinking(size)
    expect(await seenOf(list, { pageSize: 10, overlap: 2 })).toEqual(list.ids)
  })

  it.each([1, 2, 5, 9, 10, 25])('skips none while %i that were seen go after each page', async (gone) => {
    const list = new Shrinking(200, (ids) => ids.splice(0, gone))
    const all = [...list.ids]
    const seen = await seenOf(list, { pageSize: 10, overlap: 2 })
    // what went before its page came could not be seen; everything else must be
    const stayed = new Set(list.ids)
    for (const id of stayed) expect(seen).toContain(id)
    expect(new Set(seen).size).toBe(seen.length)
    expect(all).toEqual(expect.arrayContaining(seen))
  })

  it('ends where everything goes', async () => {
    const list = new Shrinking(100, (ids) => ids.splice(0))
    expect(await seenOf(list, { pageSize: 10, overlap: 2 })).toHaveLength(10)
    expect(list.pages).toBeLessThan(5)
  })

  it('costs hardly more pages than there are', async () => {
    const list = new Shrinking(1000)
    await seenOf(list, { pageSize: 100, overlap: 10 })
    expect(list.pages).toBe(12)
  })
})
