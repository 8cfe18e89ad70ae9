import { Injectable } from '@nestjs/common'
import { everywhere } from '#kernel'
import {
  Administrators,
  type CommunicationsUser,
  CommunicationsUsers,
  IdentityDirectory,
  isUserId,
  LoginNames,
  userName,
  UserRecords,
} from '#core/users'
import { domainName, PlatformDomains } from '#core/domains'
import { comparable } from '../domain/comparable.ts'
import { userDrift, type UserDrift } from '../domain/user-drift.ts'
import { domainOf, usernameOf, type UserSides } from '../domain/user-sides.ts'

type Communications = UserSides['communications']

/** A user in whom the systems differ. */
export interface SeenUser extends UserDrift {
  readonly sides: UserSides
}

/** Reads one user in all systems, by itself: what a scan says may be old. */
@Injectable()
export class UserLook {
  constructor(
    private readonly directory: IdentityDirectory,
    private readonly communications: CommunicationsUsers,
    private readonly records: UserRecords,
    private readonly loginNames: LoginNames,
    private readonly platform: PlatformDomains,
    private readonly administrators: Administrators,
  ) {}

  /** How the systems differ in the user with this id, if they do. The hint is where it may be at wac-core. */
  async at(id: string, hint: string | undefined, remove: boolean): Promise<SeenUser | undefined> {
    const sides = await this.sidesOf(id, hint)
    if (await this.isRememberedElsewhere(sides)) return undefined
    const found = this.driftOf(sides, remove)
    const drift = found && (await this.withoutAdministrators(sides, found))
    return drift && { ...drift, sides }
  }

  /** A user at wac-core that nobody else has, unless it's gone, or it is somebody's: then it's told of them. */
  async atWacCore(communicationsId: string): Promise<SeenUser | undefined> {
    const user = await this.communications.find(communicationsId)
    if (user === undefined) return undefined
    const owner = await this.ownerOf(user)
    if (owner !== undefined && (await this.sidesOf(owner)).communications?.id === communicationsId) return undefined
    const sides = { id: communicationsId, communications: { id: communicationsId, user } }
    const drift = this.driftOf(sides, true)
    return drift && { ...drift, sides }
  }

  private driftOf(sides: UserSides, remove: boolean): UserDrift | undefined {
    return userDrift(sides, { loginNames: this.loginNames, root: this.platform.root, remove })
  }

  /**
   * An administrator's account belongs to no domain unless somebody with the right to says so: to make it kitter's own would
   * give it one. Those that kitter has nothing to do with aren't even told.
   */
  private async withoutAdministrators(
    { id, account, record }: UserSides,
    drift: UserDrift,
  ): Promise<UserDrift | undefined> {
    if (account === undefined || record !== undefined || !(await this.administrators.includes(id))) return drift
    if (drift.difference.remedy === 'adopt') return undefined
    return {
      difference: drift.difference,
      problem: 'It has administrative roles, and kitter makes no such account its own.',
    }
  }

  /** Whom it would be linked with. */
  private async ownerOf({ externalId, ...named }: CommunicationsUser): Promise<string | undefined> {
    if (externalId !== undefined) return isUserId(externalId) ? externalId : undefined
    const [domain, username] = [domainName(named.domain), userName(named.username)]
    if (domain === undefined || username === undefined) return undefined
    const record = await this.records.findByName(everywhere, domain, username)
    if (record !== undefined) return record.user.id
    return (await this.directory.findByLoginName(this.loginNames.of({ domain, username })))?.id
  }

  /** A user of kitter's to which somebody gave a link that leads nowhere: it's told of that user. */
  private async isRememberedElsewhere({ account, record, communications }: UserSides): Promise<boolean> {
    if (account !== undefined || record !== undefined || communications === undefined) return false
    const owner = await this.ownerOf({ ...communications.user, externalId: undefined })
    return owner !== undefined && (await this.sidesOf(owner)).communications?.id === communications.id
  }

  private async sidesOf(id: string, hint?: string): Promise<UserSides> {
    const [found, record] = await Promise.all([
      this.directory.find(id),
      isUserId(id) ? this.records.find(everywhere, id) : undefined,
    ])
    const account = found && comparable(found)
    const sides = { id, account, record }
    return { ...sides, communications: await this.communicationsOf(sides, hint) }
  }

  /** Where it's remembered or was seen; otherwise by its name, unless that is another's. */
  private async communicationsOf(sides: UserSides, hint: string | undefined): Promise<Communications> {
    const ids = [sides.record?.communicationsId, hint].filter((id) => id !== undefined && id !== '')
    for (const id of new Set(ids)) {
      const user = id && (await this.communications.find(id))
      if (id && user && !(await this.isAnothers(user, sides.id))) return { id, user }
    }
    const username = usernameOf(sides, this.loginNames)
    const domain = domainOf(sides) ?? this.platform.root
    if (username === undefined || domain === 'unusable') return undefined
    const named = await this.communications.findByName(domain, username)
    return named && !(await this.isAnothers(named.user, sides.id)) ? named : undefined
  }

  /** Whether it's linked with somebody else who is there. */
  private async isAnothers({ externalId }: CommunicationsUser, id: string): Promise<boolean> {
    if (externalId === undefined || externalId === id || !isUserId(externalId)) return false
    if ((await this.records.find(everywhere, externalId)) !== undefined) return true
    return (await this.directory.find(externalId)) !== undefined
  }
}
