import { outcomeUnknown, systemUnavailable } from '#kernel'
import type { ImportRefusal, Importer, NewUser } from './importer.ts'
import { WaitingLine } from './waiting-line.ts'

/** Larger ones are slower for each: what Keycloak does for a group grows faster than the group. */
const most = 32
const inFlight = 2
/** So long whoever is there waits for others that are known to come: a group costs Keycloak little more than one alone. */
const gatheringMs = 60

interface Member {
  readonly user: NewUser
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

interface Group {
  readonly members: readonly Member[]
  /** A part of one that was refused. */
  readonly isPart: boolean
  /** Among more, and nobody knows what came of that. */
  readonly wasSent: boolean
  /** Parts of it are sent until then. */
  readonly deadline: number
}

/**
 * Creates users that come at the same time as one group: whoever comes while two groups are on their way goes with the
 * next one, and nobody waits for others to come, unless some are known to come soon. A group that
 * is refused for one of its members is divided until that one is alone, so that each learns what it would have learned
 * alone; its parts go before those who came later.
 */
export class ImportGroups {
  private readonly importer: Importer
  private readonly timeoutMs: number
  private readonly areMoreComing: () => boolean
  private readonly newcomers = new WaitingLine<Member>()
  private readonly parts = new WaitingLine<Group>()
  private underWay = 0
  private gathering: NodeJS.Timeout | undefined

  constructor(importer: Importer, timeoutMs: number, areMoreComing = (): boolean => false) {
    this.importer = importer
    this.timeoutMs = timeoutMs
    this.areMoreComing = areMoreComing
  }

  create(user: NewUser): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<undefined>()
    const member = { user, resolve: () => resolve(undefined), reject }
    this.newcomers.add(member, this.timeoutMs / 2, () => reject(crowded()))
    // together with whoever else comes at this very moment
    queueMicrotask(() => this.sendNext())
    return promise
  }

  private sendNext(): void {
    while (this.underWay < inFlight && !this.gathers()) {
      const group = this.next()
      if (group === undefined) return
      this.underWay++
      void this.send(group)
    }
  }

  private gathers(): boolean {
    const { size, longestMs } = this.newcomers
    if (size === 0 || size >= most || this.parts.size > 0 || !this.areMoreComing()) return false
    const leftMs = gatheringMs - longestMs
    if (leftMs <= 0) return false
    this.gathering ??= setTimeout(() => {
      this.gathering = undefined
      this.sendNext()
    }, leftMs)
    return true
  }

  private next(): Group | undefined {
    const [part] = this.parts.take(1)
    if (part !== undefined) return part
    const members = this.newcomers.take(most).toSorted(byName)
    if (members.length === 0) return undefined
    return { members, isPart: false, wasSent: false, deadline: performance.now() + 2 * this.timeoutMs }
  }

  /** Holds its place only while it's sent: what came of it is looked for beside the next group. */
  private async send(group: Group): Promise<void> {
    const { members, wasSent } = group
    const users = members.map(({ user }) => user)
    try {
      const refusal = await this.importer.importAll(users, wasSent)
      if (refusal === undefined) for (const { resolve } of members) resolve()
      else this.settle(group, refusal).catch((error: unknown) => rejectAll(members, error))
    } catch (error) {
      rejectAll(members, error)
    } finally {
      this.underWay--
      this.sendNext()
    }
  }

  /** Without asking for anything, its parts are in their line before the place is given away. */
  private async settle(group: Group, refusal: ImportRefusal): Promise<void> {
    const { error, mayBeThere, isOfOne } = refusal
    const left = mayBeThere ? await this.notThere(group.members, error) : group.members
    if (group.members.length === 1 || !isOfOne) return this.refuse(left, error)
    if (mayBeOfAll(group, refusal) && !(await this.importer.isWell())) return this.refuse(left, error)
    const { guilty, others } = judged(left, refusal)
    for (const members of guilty.length > 0 ? [others] : halvesOf(others))
      this.sendAgain({ ...group, members, isPart: true, wasSent: group.wasSent || mayBeThere }, error)
    this.sendNext()
    await this.refuse(guilty, error)
  }

  private sendAgain(part: Group, error: unknown): void {
    if (part.members.length === 0) return
    const leftMs = part.deadline - performance.now()
    if (leftMs <= 0) giveUp(part, error)
    else this.parts.add(part, leftMs, () => giveUp(part, error))
  }

  private async notThere(members: readonly Member[], error: unknown): Promise<readonly Member[]> {
    const looked = await Promise.all(
      members.map(async (member) => {
        const isThere = await this.importer.isThere(member.user.id).catch(() => undefined)
        if (isThere === true) member.resolve()
        // where that can't be seen either, nobody knows
        if (isThere === undefined) member.reject(outcomeUnknown('Keycloak', error))
        return isThere === false ? [member] : []
      }),
    )
    return looked.flat()
  }

  private async refuse(members: readonly Member[], error: unknown): Promise<void> {
    const told = members.map(({ user, reject }) => this.importer.refusal(error, user).then(reject, reject))
    await Promise.all(told)
  }
}

function crowded(): Error {
  return systemUnavailable('Keycloak', new Error('no place was free'))
}

/** Nothing of it was done, except perhaps by an earlier sending. */
function giveUp({ members, wasSent }: Group, error: unknown): void {
  rejectAll(members, wasSent ? outcomeUnknown('Keycloak', error) : systemUnavailable('Keycloak', error))
}

function rejectAll(members: readonly Member[], error: unknown): void {
  for (const { reject } of members) reject(error)
}

/** Where everything fails, dividing would only ask the same many times. */
function mayBeOfAll({ isPart }: Group, { guilty }: ImportRefusal): boolean {
  return !isPart && guilty === undefined
}

/** Groups that overlap in different orders would wait for each other. */
function byName({ user: one }: Member, { user: other }: Member): number {
  const [first, second] = [one.username.toLowerCase(), other.username.toLowerCase()]
  return first < second ? -1 : Number(first > second)
}

/** Whom Keycloak names it would name alone, too. */
function judged(
  members: readonly Member[],
  { guilty: name }: ImportRefusal,
): Readonly<Record<'guilty' | 'others', readonly Member[]>> {
  const isGuilty = ({ user }: Member): boolean => user.username === name
  return { guilty: members.filter(isGuilty), others: members.filter((member) => !isGuilty(member)) }
}

function halvesOf(members: readonly Member[]): readonly (readonly Member[])[] {
  const middle = Math.ceil(members.length / 2)
  return [members.slice(0, middle), members.slice(middle)]
}
