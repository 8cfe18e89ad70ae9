import { Injectable } from '@nestjs/common'
import { type Actor, everywhere, ownOnly, scopeOf } from '#kernel'
import type { ExtensionDocument } from '../domain/user-extension.ts'
import { isUserId, type User } from '../domain/user.ts'
import { administratorProtected, unknownUser } from '../domain/user-errors.ts'
import { Administrators } from './administrators.ts'
import { UserExtensions } from './user-extensions.ts'
import { type UserRecord, UserRecords } from './user-records.ts'

/** A user with what a dialect keeps beside it; none where the dialect hasn't kept anything yet, or none is meant. */
export interface SeenUser {
  readonly user: User
  readonly extension: ExtensionDocument | undefined
}

export interface SeenRecord {
  readonly record: UserRecord
  readonly extension: ExtensionDocument | undefined
}

/** Single users as an actor sees them: what is out of the actor's scope isn't there. */
@Injectable()
export class UserSight {
  constructor(
    private readonly records: UserRecords,
    private readonly extensions: UserExtensions,
    private readonly administrators: Administrators,
  ) {}

  async record(actor: Actor, id: string): Promise<UserRecord> {
    return this.within(scopeOf(actor), id)
  }

  /** Who has none of the roles sees one user: their own. */
  async see(actor: Actor, id: string, dialect?: string): Promise<SeenRecord> {
    const record = await (isOwn(actor, id) ? this.within(everywhere, id) : this.record(actor, id))
    return { record, extension: dialect === undefined ? undefined : await this.extensions.find(dialect, id) }
  }

  /** If the actor may change it: administrators are changed by administrators only, but for what everybody may change of their own user. */
  async changeable(actor: Actor, id: string): Promise<UserRecord> {
    const record = await this.record(actor, id)
    await this.requireChangeable(actor, id)
    return record
  }

  async seeChangeable(actor: Actor, id: string, dialect?: string): Promise<SeenRecord> {
    const seen = await this.see(actor, id, dialect)
    await this.requireChangeable(actor, id)
    return seen
  }

  private async within(scope: Parameters<UserRecords['find']>[0], id: string): Promise<UserRecord> {
    const record = isUserId(id) ? await this.records.find(scope, id) : undefined
    if (record === undefined) throw unknownUser()
    return record
  }

  private async requireChangeable(actor: Actor, id: string): Promise<void> {
    if (actor.role === 'kitter-admin' || isOwn(actor, id)) return
    if (await this.administrators.includes(id)) throw administratorProtected()
  }
}

/** Of anybody else's it's not even told whether it is there. */
function isOwn({ role, subject }: Actor, id: string): boolean {
  if (role !== ownOnly) return false
  if (subject !== id) throw unknownUser()
  return true
}
