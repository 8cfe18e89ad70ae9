import { Injectable, Logger } from '@nestjs/common'
import { z } from 'zod'
import { jsonIn } from '#kernel'
import { AccountChanges, type ToldChanges } from '#core/users'
import { answered } from '../realm/keycloak-answer.ts'
import { type EventsFrom, type FeedPart, endOf, feedCursor, readOn } from './event-feed.ts'
import { RealmEvents } from './realm-events.ts'

/** Administrators' events and users' own are two lists. */
const position = z.object({ administrators: feedCursor.optional(), users: feedCursor.optional() })
type Position = z.output<typeof position>

/** Nobody needs to be told more often. */
const betweenLooksMs = 5 * 60_000

/** By the events that the realm records. */
@Injectable()
export class KeycloakAccountChanges extends AccountChanges {
  private readonly log = new Logger(KeycloakAccountChanges.name)
  private lookedAt = Number.NEGATIVE_INFINITY
  private warnedAt = Number.NEGATIVE_INFINITY

  constructor(private readonly events: RealmEvents) {
    super()
  }

  override async since(given: string | undefined, most: number): Promise<ToldChanges> {
    const from = position.safeParse(jsonIn(given ?? '')).data ?? {}
    try {
      const told = await this.read(from, most)
      if (told.ids.length === 0) await this.lookWhetherEventsAreKept()
      return told
    } catch (error) {
      if (answered(error, 403) === undefined) throw error
      this.warn("kitter's service account lacks the right view-events or view-clients")
      return { ids: [], position: JSON.stringify(from) }
    }
  }

  private async read(from: Position, most: number): Promise<ToldChanges> {
    const ownClient = await this.events.ownClient()
    const administrators = await part(from.administrators, most, (page) =>
      this.events.ofAdministrators(page, ownClient),
    )
    const users = await part(from.users, most - administrators.ids.size, (page) => this.events.ofUsers(page))
    const reached: Position = { administrators: administrators.cursor, users: users.cursor }
    return { ids: [...new Set([...administrators.ids, ...users.ids])], position: JSON.stringify(reached) }
  }

  private async lookWhetherEventsAreKept(): Promise<void> {
    if (!isLongAgo(this.lookedAt)) return
    this.lookedAt = performance.now()
    if (!(await this.events.areKept())) this.warn('The realm does not record events')
  }

  private warn(problem: string): void {
    if (!isLongAgo(this.warnedAt)) return
    this.warnedAt = performance.now()
    this.log.warn(`${problem}: what others change shows with the next reconciliation only. kitter doctor tells more.`)
  }
}

function isLongAgo(time: number): boolean {
  return performance.now() - time > betweenLooksMs
}

type Pages = Parameters<RealmEvents['ofUsers']>[0]

async function part(
  from: Position['users'],
  most: number,
  list: (page: Pages) => ReturnType<EventsFrom>,
): Promise<FeedPart> {
  const eventsFrom: EventsFrom = (time, first, max) => list({ direction: 'asc', dateFrom: String(time), first, max })
  if (from !== undefined) return readOn(from, most, eventsFrom)
  const [latest] = await list({ direction: 'desc', first: 0, max: 1 })
  return { ids: new Set(), cursor: await endOf(latest?.time ?? 0, eventsFrom) }
}
