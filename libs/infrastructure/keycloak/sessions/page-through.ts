export interface Paging {
  readonly pageSize: number
  /** How many of the entries that were seen are asked for again with the next page. */
  readonly overlap: number
}

/**
 * Every entry of a list that is read by offset, in the order of ids, while others take entries out of it. An entry that
 * goes moves the following ones forward, past the offset: so each page begins with entries that were seen, and where none
 * of them is known, the offset goes back until one is.
 */
export async function* pageThrough<Entry extends { readonly id: string }>(
  pageFrom: (first: number, max: number) => Promise<readonly Entry[]>,
  { pageSize, overlap }: Paging,
): AsyncGenerator<readonly Entry[]> {
  const seen = new Set<string>()
  for (let first = 0; ;) {
    const page = await pageFrom(first, pageSize)
    if (first > 0 && !page.some(({ id }) => seen.has(id))) {
      first = Math.max(0, first - pageSize + overlap)
      continue
    }
    const fresh = page.filter(({ id }) => !seen.has(id))
    for (const { id } of fresh) seen.add(id)
    if (fresh.length > 0) yield fresh
    if (page.length < pageSize) return
    first += pageSize - overlap
  }
}
