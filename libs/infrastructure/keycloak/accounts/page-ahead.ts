export interface AheadPaging {
  readonly pageSize: number
  /** How many of the entries that were seen are asked for again with the next page. */
  readonly overlap: number
  /** How many pages are asked for at once. */
  readonly inFlight: number
}

interface Asked<Entry> {
  readonly first: number
  readonly page: Promise<readonly Entry[]>
}

/**
 * Every entry of a long list that is read by offset, in a fixed order, with the next pages under way already. Where entries
 * go, the following ones move forward, past the offset: so each page begins with entries that were seen, and where none of
 * them is known, it goes back until one is. Only the last two pages are known: so much may come or go at once.
 */
export async function* pageAhead<Entry extends { readonly id: string }>(
  pageFrom: (first: number, max: number) => Promise<readonly Entry[]>,
  { pageSize, overlap, inFlight }: AheadPaging,
): AsyncGenerator<readonly Entry[]> {
  const step = pageSize - overlap
  const ahead: Asked<Entry>[] = []
  let known: readonly ReadonlySet<string>[] = []
  for (let next = 0; ;) {
    for (; ahead.length < inFlight; next += step) ahead.push(ask(pageFrom, next, pageSize))
    const asked = ahead.shift()
    if (asked === undefined) return
    const [first, page] = [asked.first, await asked.page]
    const isKnown = ({ id }: Entry): boolean => known.some((ids) => ids.has(id))
    if (first > 0 && !page.some(isKnown)) {
      ahead.length = 0
      next = Math.max(0, first - step)
      continue
    }
    const fresh = page.filter((entry) => !isKnown(entry))
    known = [...known.slice(-1), new Set(page.map(({ id }) => id))]
    if (fresh.length > 0) yield fresh
    if (page.length < pageSize) return
  }
}

function ask<Entry>(pageFrom: (first: number, max: number) => Promise<readonly Entry[]>, first: number, max: number) {
  const page = pageFrom(first, max)
  // one that is asked for in vain fails for nobody
  page.catch(() => undefined)
  return { first, page }
}
