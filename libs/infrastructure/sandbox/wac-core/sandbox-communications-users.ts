import { Injectable } from '@nestjs/common'
import { type CommunicationsUser, CommunicationsUsers, type SipCredential } from '#core/users'
import { communicationsUserOf, mergedWacUser, newWacUser, ownerUriOf } from '#infrastructure/wac-core'
import { WacSipMappingsStore } from './wac-sip-mappings.store.ts'
import { WacUsersStore } from './wac-users.store.ts'

/** Stands in for wac-core's users and their SIP mappings. */
@Injectable()
export class SandboxCommunicationsUsers extends CommunicationsUsers {
  constructor(
    private readonly users: WacUsersStore,
    private readonly mappings: WacSipMappingsStore,
  ) {
    super()
  }

  override async create(user: CommunicationsUser): Promise<string> {
    return (await this.users.add(newWacUser(user))).id
  }

  override async findByName(
    domain: string,
    username: string,
  ): Promise<{ readonly id: string; readonly user: CommunicationsUser } | undefined> {
    const [found] = await this.users.list({ domain, username })
    return found && { id: found.id, user: communicationsUserOf(found) }
  }

  override async find(id: string): Promise<CommunicationsUser | undefined> {
    const user = await this.users.find(id)
    return user && communicationsUserOf(user)
  }

  override async replace(id: string, user: CommunicationsUser): Promise<CommunicationsUser> {
    return communicationsUserOf(await this.users.change(id, (before) => mergedWacUser(before, user)))
  }

  override remove(id: string): Promise<void> {
    return this.users.remove(id)
  }

  override async map(userId: string, { username }: SipCredential): Promise<string> {
    return (await this.mappings.add(ownerUriOf(userId), username)).id
  }

  override async unmap(mappingId: string): Promise<void> {
    await this.mappings.remove(mappingId)
  }
}
