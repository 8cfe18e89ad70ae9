import { z } from 'zod'

/** Something that was done to an account. */
export interface AccountEvent {
  readonly id: string
  /** In milliseconds, by the clock of the Keycloak where it happened. */
  readonly time: number
  /** Of the account; nothing where kitter did it itself, or it's about something else. */
  readonly accountId: string | undefined
}

/** How far a list of events was read: the latest time, and which events shortly before it were told. */
export const feedCursor = z.object({ time: z.number(), told: z.record(z.string(), z.number()) })
export type FeedCursor = z.output<typeof feedCursor>

/** Events from that time on, the oldest first. */
export type EventsFrom = (time: number, first: number, max: number) => Promise<readonly AccountEvent[]>

export interface FeedPart {
  readonly ids: ReadonlySet<string>
  readonly cursor: FeedCursor
}

/** Events are stamped before they can be seen: so far back it's looked for those that came late. */
const overlapMs = 5000
const pageSize = 500
/** Of what is new, so that nobody waits for long where kitter itself did a lot. */
const mostRead = 10_000

/** Where a list begins for whoever isn't interested in what it holds already. */
export async function endOf(latest: number, eventsFrom: EventsFrom): Promise<FeedCursor> {
  return (await readOn({ time: latest, told: {} }, Number.POSITIVE_INFINITY, eventsFrom)).cursor
}

/** What is new behind a cursor, of at most so many accounts. However many events share one time, it gets on. */
export async function readOn(from: FeedCursor, most: number, eventsFrom: EventsFrom): Promise<FeedPart> {
  const ids = new Set<string>()
  const told = new Map(Object.entries(from.told))
  let { time } = from
  let left = mostRead
  for await (const event of eventsSince(from.time - overlapMs, eventsFrom)) {
    if (ids.size >= most || left <= 0) break
    if (event.time > from.time) left--
    time = Math.max(time, event.time)
    if (event.accountId === undefined || told.has(event.id)) continue
    told.set(event.id, event.time)
    ids.add(event.accountId)
  }
  const recent = [...told].filter(([, at]) => at >= time - overlapMs)
  return { ids, cursor: { time, told: Object.fromEntries(recent) } }
}

/** An event that comes late moves the following ones back, and some are seen twice. */
async function* eventsSince(time: number, eventsFrom: EventsFrom): AsyncGenerator<AccountEvent> {
  for (let first = 0; ; first += pageSize) {
    const page = await eventsFrom(Math.max(0, time), first, pageSize)
    yield* page
    if (page.length < pageSize) return
  }
}
