import { Injectable } from '@nestjs/common'
import type { DomainName } from '#core/domains'
import {
  type CommunicationsUser,
  CommunicationsUsers,
  type KnownCommunicationsUser,
  type SipCredential,
} from '#core/users'
import { communicationsUserOf, mergedWacUser, newWacUser, ownerUriOf, type WacUser } from '#infrastructure/wac-core'
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

  override async findByName(domain: string, username: string): Promise<KnownCommunicationsUser | undefined> {
    const [found] = await this.users.list({ domain, username })
    return found && knownUserOf(found)
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

  override async *scan(domain?: DomainName): AsyncGenerator<readonly KnownCommunicationsUser[]> {
    for await (const users of this.users.scan({ domain })) yield users.map(knownUserOf)
  }
}

function knownUserOf(user: WacUser): KnownCommunicationsUser {
  return { id: user.id, user: communicationsUserOf(user) }
}
