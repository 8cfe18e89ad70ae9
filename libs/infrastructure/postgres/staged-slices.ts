/** How many rows there were, and what the last one is found by. */
export interface CountedSlice {
  readonly count: number
  readonly last: string | null
}

/** Does something with all rows, so many at a time, each time after the last one. How many they were. */
export async function inSlices(
  size: number,
  take: (after: string | undefined) => Promise<CountedSlice | undefined>,
): Promise<number> {
  let total = 0
  for (let after: string | undefined; ;) {
    const { count, last } = (await take(after)) ?? { count: 0, last: null }
    total += count
    if (count < size || last === null) return total
    after = last
  }
}
