import { describe, expect, it } from 'vitest'
import { pageAhead } from './page-ahead.ts'

const paging = { pageSize: 10, overlap: 2, inFlight: 2 }

/** A list in the order of its ids, which somebody changes after each page. */
class Changing {
  readonly ids: string[]
  pages = 0
  underWay = 0
  mostUnderWay = 0

  constructor(
    size: number,
    private readonly change: (ids: string[], page: number) => void = () => undefined,
  ) {
    this.ids = Array.from({ length: size }, (_, index) => `id-${String(index).padStart(4, '0')}`)
  }

  pageFrom = async (first: number, max: number): Promise<{ id: string }[]> => {
    this.mostUnderWay = Math.max(this.mostUnderWay, ++this.underWay)
    const page = this.ids.slice(first, first + max).map((id) => ({ id }))
    this.change(this.ids, this.pages++)
    await Promise.resolve()
    this.underWay--
    return page
  }
}

async function seenOf(list: Changing, options = paging): Promise<string[]> {
  const seen: string[] = []
  for await (const page of pageAhead(list.pageFrom, options)) seen.push(...page.map(({ id }) => id))
  return seen
}

describe('Paging ahead through a list', () => {
  it.each([0, 1, 8, 9, 10, 11, 18, 95, 100])('of %i shows every entry once, in order', async (size) => {
    const list = new Changing(size)
    expect(await seenOf(list)).toEqual(list.ids)
    expect(list.mostUnderWay).toBe(2)
  })

  it.each([1, 2, 5, 9, 10, 15])('skips none while %i that were seen go after each page', async (gone) => {
    const list = new Changing(200, (ids) => ids.splice(0, gone))
    const seen = await seenOf(list)
    for (const id of list.ids) expect(seen).toContain(id)
    expect(new Set(seen).size).toBe(seen.length)
  })

  it.each([1, 3, 5])(
    'shows none twice while %i come before those that were seen, after each of ten pages',
    async (come) => {
      const list = new Changing(200, (ids, page) => {
        if (page < 10) ids.unshift(...Array.from({ length: come }, (_, index) => `early-${page}-${index}`))
      })
      const stayed = [...list.ids]
      const seen = await seenOf(list)
      expect(seen).toEqual(expect.arrayContaining(stayed))
      expect(new Set(seen).size).toBe(seen.length)
    },
  )

  it('ends where everything goes', async () => {
    const list = new Changing(100, (ids) => ids.splice(0))
    expect(await seenOf(list)).toHaveLength(10)
    expect(list.pages).toBeLessThan(8)
  })

  it('costs hardly more pages than there are', async () => {
    const list = new Changing(1000)
    await seenOf(list, { pageSize: 100, overlap: 10, inFlight: 2 })
    expect(list.pages).toBeLessThanOrEqual(13)
  })

  it('fails with the page that fails, and not for one that nobody needs', async () => {
    const failing = async (first: number): Promise<{ id: string }[]> => {
      if (first > 0) throw new Error(`no page at ${first}`)
      return Promise.resolve(Array.from({ length: 10 }, (_, index) => ({ id: String(index) })))
    }
    const seen: string[] = []
    const scan = async (): Promise<void> => {
      for await (const page of pageAhead(failing, paging)) seen.push(...page.map(({ id }) => id))
    }
    await expect(scan()).rejects.toThrow('no page at 8')
    expect(seen).toHaveLength(10)
    for await (const page of pageAhead(failing, paging)) {
      expect(page).toHaveLength(10)
      break
    }
  })
})
