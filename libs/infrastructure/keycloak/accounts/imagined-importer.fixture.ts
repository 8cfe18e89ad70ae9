import { setImmediate as nextTurn } from 'node:timers/promises'
import { DomainError, outcomeUnknown } from '#kernel'
import { emailTaken, userNameTaken } from '#core/users'
import type { ImportRefusal, Importer, NewUser } from './importer.ts'

/** What becomes of a sending on its way: nothing, its answer is lost, or all of it until it's sent again. */
export type Fate = 'arrives' | 'is answered in vain' | 'is lost'

export const notFit = new DomainError('refused_elsewhere', 'system.refused', 'Keycloak failed.')
const clash = new DomainError('refused_elsewhere', 'system.refused', 'Keycloak says that somebody is there.')

/** Takes groups as Keycloak does: one user that isn't fit, or clashes, and nobody is created. */
export class ImaginedImporter implements Importer {
  readonly there = new Map<string, NewUser>()
  /** The usernames of each group that was sent. */
  readonly sent: (readonly string[])[] = []
  mostAtOnce = 0
  /** Of the next sendings, in their order. */
  readonly fates: Fate[] = []
  /** Whether Keycloak says who clashes. */
  tellsGuilty = true
  /** Whether it answers at all. */
  isFine = true
  private underWay = 0

  async importAll(users: readonly NewUser[], wasSent: boolean): Promise<ImportRefusal | undefined> {
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.underWay)
    this.sent.push(users.map(({ username }) => username))
    try {
      const fate = this.fates.shift() ?? 'arrives'
      for (let turn = 0; turn < turnsOf(users); turn++) await nextTurn()
      if (fate === 'is answered in vain') this.take(users, wasSent)
      return this.take(users, wasSent || fate !== 'arrives')
    } finally {
      this.underWay--
    }
  }

  isThere(id: string): Promise<boolean> {
    return Promise.resolve(this.there.has(id))
  }

  isWell(): Promise<boolean> {
    return Promise.resolve(this.isFine)
  }

  refusal(error: unknown, user: NewUser): Promise<unknown> {
    if (error !== clash) return Promise.resolve(error)
    return Promise.resolve(this.has('username', user) ? userNameTaken() : emailTaken())
  }

  private take(users: readonly NewUser[], wasSent: boolean): ImportRefusal | undefined {
    const clashing = users.find((user) => this.clashes(user) || this.there.has(user.id))
    const guilty = this.tellsGuilty ? clashing?.username : undefined
    if (clashing !== undefined || clashAmong(users)) {
      return { error: clash, mayBeThere: wasSent, isOfOne: true, guilty }
    }
    if (!users.every(isFit)) {
      const error = wasSent ? outcomeUnknown('Keycloak', notFit) : notFit
      return { error, mayBeThere: wasSent, isOfOne: true }
    }
    for (const user of users) this.there.set(user.id, user)
    return undefined
  }

  private clashes(user: NewUser): boolean {
    return this.has('username', user) || (user.email !== undefined && this.has('email', user))
  }

  private has(field: 'username' | 'email', user: NewUser): boolean {
    return [...this.there.values()].some((other) => other.id !== user.id && other[field] === user[field])
  }
}

function clashAmong(users: readonly NewUser[]): boolean {
  return new Set(users.map(({ username }) => username)).size < users.length
}

function isFit({ lastName }: NewUser): boolean {
  return lastName !== 'not fit'
}

/** A slow one takes the others of its group with it. */
function turnsOf(users: readonly NewUser[]): number {
  return users.some(({ lastName }) => lastName === 'slow') ? 20 : 2
}
