import { Injectable } from '@nestjs/common'
import { type DomainName, domainName } from '#core/domains'
import { type CommunicationsUser, CommunicationsUsers, type SipCredential, type UserName, userName } from '#core/users'
import { ownerUriOf } from './wac-sip-mapping.ts'
import { WacSipMappingsStore } from './wac-sip-mappings.store.ts'
import type { WacUser, WacUserBody } from './wac-user.ts'
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
    return (await this.users.add(merged({ role: 'user', capabilities: [], mobilePhone: [] }, user))).id
  }

  override async find(id: string): Promise<CommunicationsUser | undefined> {
    const user = await this.users.find(id)
    return user && communicationsUserOf(user)
  }

  override async replace(id: string, user: CommunicationsUser): Promise<CommunicationsUser> {
    return communicationsUserOf(await this.users.change(id, (before) => merged(before, user)))
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

type OwnFields = Pick<WacUser, 'role' | 'capabilities' | 'mobilePhone'>

/** What is absent is absent at wac-core too: field by field, for a user that went through JSON has no undefined fields. */
function merged(before: OwnFields, user: CommunicationsUser): WacUserBody {
  const { externalId, domain, username, displayName, email, phoneNumber } = user
  const mobilePhone = withFirst(before.mobilePhone, phoneNumber)
  return { ...before, externalId, domain, username, displayName, email, mobilePhone }
}

/** Where others follow, an absent first number keeps its place, or the second would be taken for kitter's. */
function withFirst([, ...others]: readonly string[], first: string | undefined): readonly string[] {
  if (first !== undefined) return [first, ...others]
  return others.length === 0 ? [] : ['', ...others]
}

function communicationsUserOf({
  externalId = '',
  domain,
  username,
  displayName,
  email,
  mobilePhone,
}: WacUser): CommunicationsUser {
  return {
    externalId,
    domain: nameOf<DomainName>(domain, domainName),
    username: nameOf<UserName>(username, userName),
    displayName,
    email,
    phoneNumber: mobilePhone[0] === '' ? undefined : mobilePhone[0],
  }
}

function nameOf<Name>(text: string, parse: (text: string) => Name | undefined): Name {
  const name = parse(text)
  if (name === undefined)
    throw new Error(`wac-core has a user whose name or domain kitter can't use: ${JSON.stringify(text)}`)
  return name
}
