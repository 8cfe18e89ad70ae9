import { describe, expect, it } from 'vitest'
import { type AccountEvent, endOf, type FeedCursor, readOn } from './event-feed.ts'

/** Events as Keycloak lists them: by time, and those of one time in any order that stays. */
class Recorded {
  readonly events: AccountEvent[] = []
  pages = 0

  record(time: number, accountId: string | undefined): void {
    this.events.push({ id: `event-${this.events.length}`, time, accountId })
  }

  from = (time: number, first: number, max: number): Promise<readonly AccountEvent[]> => {
    this.pages++
    const since = this.events.filter((event) => event.time >= time).toSorted((one, other) => one.time - other.time)
    return Promise.resolve(since.slice(first, first + max))
  }
}

/** All that is told until nothing is. */
async function toldFrom(start: FeedCursor, recorded: Recorded, most: number): Promise<string[][]> {
  const told: string[][] = []
  for (let cursor = start; ;) {
    const part = await readOn(cursor, most, recorded.from)
    if (part.ids.size === 0) return told
    if (told.length > 2000) throw new Error('it tells the same again and again')
    told.push([...part.ids])
    // as another replica gets it
    cursor = JSON.parse(JSON.stringify(part.cursor)) as FeedCursor
  }
}

const beginning: FeedCursor = { time: 0, told: {} }

describe('A feed of events', () => {
  it('tells each account once, in the order of the events', async () => {
    const recorded = new Recorded()
    for (const [time, account] of [
      [1000, 'a'],
      [9000, 'b'],
      [20_000, 'c'],
    ] as const)
      recorded.record(time, account)
    expect(await toldFrom(beginning, recorded, 100)).toEqual([['a', 'b', 'c']])
    expect(await toldFrom(beginning, recorded, 1)).toEqual([['a'], ['b'], ['c']])
  })

  it.each([1, 10, 499, 500, 3000])('gets on in steps of %i where 1,500 events share one time', async (most) => {
    const recorded = new Recorded()
    for (let index = 0; index < 1500; index++) recorded.record(5000, `account-${index}`)
    const told = await toldFrom(beginning, recorded, most)
    expect(told.flat()).toHaveLength(1500)
    expect(new Set(told.flat()).size).toBe(1500)
    for (const some of told) expect(some.length).toBeLessThanOrEqual(most)
  })

  it('tells what shows late behind what was told, once', async () => {
    const recorded = new Recorded()
    recorded.record(10_000, 'early')
    recorded.record(14_000, 'late')
    const { cursor } = await readOn(beginning, 100, recorded.from)
    recorded.record(12_000, 'between')
    recorded.record(14_000, 'same time')
    recorded.record(9001, 'before')
    expect(await toldFrom(cursor, recorded, 100)).toEqual([['before', 'between', 'same time']])
    expect(await toldFrom(cursor, recorded, 1)).toEqual([['before'], ['between'], ['same time']])
  })

  it('begins at its end, and keeps an eye on what shows late there', async () => {
    const recorded = new Recorded()
    for (const time of [1000, 60_000, 62_000]) recorded.record(time, `at ${time}`)
    const end = await endOf(62_000, recorded.from)
    expect(await toldFrom(end, recorded, 100)).toEqual([])
    recorded.record(61_000, 'late')
    recorded.record(90_000, 'new')
    expect(await toldFrom(end, recorded, 100)).toEqual([['late', 'new']])
    const { cursor } = await readOn(end, 100, recorded.from)
    expect(Object.keys(cursor.told)).toHaveLength(1)
  })

  it('passes over what kitter did itself, however much, some at a time', async () => {
    const recorded = new Recorded()
    for (let index = 0; index < 25_000; index++) recorded.record(index, undefined)
    recorded.record(25_000, 'a')
    let cursor = beginning
    let steps = 0
    for (let ids: ReadonlySet<string> = new Set(); ids.size === 0; steps++) {
      const part = await readOn(cursor, 100, recorded.from)
      ;({ cursor, ids } = part)
      expect(cursor.told).toEqual(ids.size === 0 ? {} : { 'event-25000': 25_000 })
    }
    expect(steps).toBe(3)
  })

  it('gets on where more than it reads at once have one time', async () => {
    const recorded = new Recorded()
    for (let index = 0; index < 12_000; index++) recorded.record(7000, undefined)
    recorded.record(7000, 'a')
    const first = await readOn(beginning, 100, recorded.from)
    expect((await readOn(first.cursor, 100, recorded.from)).ids).toEqual(new Set(['a']))
  })
})
