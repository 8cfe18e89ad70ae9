import { outcomeUnknown, systemUnavailable } from '#kernel'
import { Places } from '#infrastructure/http-client'
import type { ImportRefusal, Importer, NewUser } from './importer.ts'

/** Larger ones are slower for each: what Keycloak does for a group grows faster than the group. */
const most = 32
const inFlight = 2

interface Member {
  readonly user: NewUser
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

interface Group {
  readonly members: readonly Member[]
  /** Among more, and nobody knows what came of that. */
  readonly wasSent: boolean
  /** Parts of it are sent until then. */
  readonly deadline: number
}

/**
 * Creates users that come at the same time as one group: whoever comes while two groups are on their way goes with the
 * next one, and nobody waits for others to come. A group that is refused for one of its members is divided until that one
 * is alone, so that each learns what it would have learned alone.
 */
export class ImportGroups {
  private readonly importer: Importer
  private readonly timeoutMs: number
  private readonly places: Places
  private readonly waiting: Member[] = []

  constructor(importer: Importer, timeoutMs: number) {
    this.importer = importer
    this.timeoutMs = timeoutMs
    this.places = new Places(inFlight, timeoutMs / 2)
  }

  /** As many take a place as wait; most of them find that they have gone with somebody before. */
  create(user: NewUser): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<undefined>()
    const member = { user, resolve: () => resolve(undefined), reject }
    this.waiting.push(member)
    this.places.take(() => this.sendWaiting(), crowded).catch((error: unknown) => this.turnAway(member, error))
    return promise
  }

  private turnAway(member: Member, error: unknown): void {
    const index = this.waiting.indexOf(member)
    if (index < 0) return
    this.waiting.splice(index, 1)
    member.reject(error)
  }

  private async sendWaiting(): Promise<void> {
    const members = this.waiting.splice(0, most).toSorted(byName)
    if (members.length === 0) return
    await this.send({ members, wasSent: false, deadline: performance.now() + this.timeoutMs })
  }

  /** Holds its place only while it's sent: what came of it is looked for beside the next group. */
  private async send(group: Group): Promise<void> {
    const { members, wasSent } = group
    try {
      const refusal = await this.importer.importAll(
        members.map(({ user }) => user),
        wasSent,
      )
      if (refusal === undefined) for (const { resolve } of members) resolve()
      else void this.settle(group, refusal)
    } catch (error) {
      for (const { reject } of members) reject(error)
    }
  }

  private async settle(group: Group, refusal: ImportRefusal): Promise<void> {
    const { error, mayBeThere, isOfOne } = refusal
    const left = mayBeThere ? await this.notThere(group.members, error) : group.members
    if (group.members.length === 1 || !isOfOne) return this.refuse(left, error)
    const parts = partsOf(left, refusal)
    const isLate = performance.now() > group.deadline
    for (const members of parts) {
      const part = { ...group, members, wasSent: group.wasSent || mayBeThere }
      if (isLate) giveUp(part, error)
      else this.sendAgain(part)
    }
  }

  private sendAgain(part: Group): void {
    this.places.take(() => this.send(part), crowded).catch((error: unknown) => giveUp(part, error))
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
  for (const { reject } of members)
    reject(wasSent ? outcomeUnknown('Keycloak', error) : systemUnavailable('Keycloak', error))
}

/** Groups that overlap in different orders would wait for each other. */
function byName({ user: one }: Member, { user: other }: Member): number {
  const [first, second] = [one.username.toLowerCase(), other.username.toLowerCase()]
  return first < second ? -1 : Number(first > second)
}

/** The guilty one and the others, where it's known; otherwise halves. */
function partsOf(members: readonly Member[], { guilty }: ImportRefusal): readonly (readonly Member[])[] {
  const isGuilty = ({ user }: Member): boolean => user.username === guilty
  const parts = [members.filter((member) => !isGuilty(member)), members.filter(isGuilty)]
  const middle = Math.ceil(members.length / 2)
  const chosen = parts.every(({ length }) => length > 0) ? parts : [members.slice(0, middle), members.slice(middle)]
  return chosen.filter(({ length }) => length > 0)
}
