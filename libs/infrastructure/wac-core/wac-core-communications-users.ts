import { Injectable } from '@nestjs/common'
import type { z } from 'zod'
import type { DomainError } from '#kernel'
import { type DomainName, unknownDomainIn } from '#core/domains'
import {
  type CommunicationsUser,
  CommunicationsUsers,
  type KnownCommunicationsUser,
  type SipCredential,
  sipMappingTaken,
  unknownUser,
  userNameTaken,
} from '#core/users'
import { WacCore } from './wac-core.ts'
import { wacDomainDocuments, wacListedUser, wacUserDocument, wacUserDocuments } from './wac-documents.ts'
import { ownerUriOf } from './wac-sip-mapping.ts'
import { communicationsUserOf, mergedWacUser, newWacUser } from './wac-user.ts'

/** wac-core's users and their SIP mappings, over HTTP. */
@Injectable()
export class WacCoreCommunicationsUsers extends CommunicationsUsers {
  constructor(private readonly wacCore: WacCore) {
    super()
  }

  override create(user: CommunicationsUser): Promise<string> {
    const refusals = { 400: () => this.domainProblem(user), 409: userNameTaken }
    return this.wacCore.create({ path: 'users', body: newWacUser(user) }, refusals)
  }

  override async find(id: string): Promise<CommunicationsUser | undefined> {
    const document = await this.wacCore.find(pathOf(id), wacListedUser)
    return document && communicationsUserOf(document)
  }

  override async findByName(domain: string, username: string): Promise<KnownCommunicationsUser | undefined> {
    const found = await this.wacCore.read('users', wacUserDocuments, { domain, username })
    const document = found.find((user) => user.domain === domain && user.username === username)
    return document && knownUserOf(document)
  }

  override async replace(id: string, user: CommunicationsUser): Promise<CommunicationsUser> {
    const before = await this.wacCore.find(pathOf(id), wacUserDocument)
    if (before === undefined) throw unknownUser()
    const previous = communicationsUserOf(before)
    const refusals = { 400: () => this.domainProblem(user), 404: unknownUser, 409: userNameTaken }
    await this.wacCore.replace(pathOf(id), mergedWacUser(before, user), refusals)
    return previous
  }

  override async remove(id: string): Promise<void> {
    const wasThere = await this.wacCore.remove(pathOf(id))
    if (!wasThere) throw unknownUser()
  }

  override map(userId: string, credential: SipCredential): Promise<string> {
    const body = { ownerUri: ownerUriOf(userId), credential }
    const ownerProblem = (): Promise<DomainError | undefined> => this.userProblem(userId)
    return this.wacCore.create(
      { path: 'sipMappings/', body, secrets: [credential.password] },
      { 400: ownerProblem, 404: ownerProblem, 409: sipMappingTaken },
    )
  }

  override async unmap(mappingId: string): Promise<void> {
    await this.wacCore.remove(`sipMappings/${encodeURIComponent(mappingId)}`)
  }

  override async *scan(domain?: DomainName): AsyncGenerator<readonly KnownCommunicationsUser[]> {
    for await (const documents of this.wacCore.scan('users', wacListedUser, domain === undefined ? {} : { domain })) {
      const ofDomain = documents.filter((document) => domain === undefined || document.domain === domain)
      if (ofDomain.length > 0) yield ofDomain.map(knownUserOf)
    }
  }

  /** wac-core answers 400 to an unknown domain, and to whatever else it dislikes. */
  private async domainProblem({ domain: name }: CommunicationsUser): Promise<DomainError | undefined> {
    const domains = await this.wacCore.read('domains', wacDomainDocuments)
    return domains.some(({ domain }) => domain === name) ? undefined : unknownDomainIn('domain')
  }

  private async userProblem(id: string): Promise<DomainError | undefined> {
    return (await this.wacCore.find(pathOf(id), wacUserDocument)) === undefined ? unknownUser() : undefined
  }
}

function knownUserOf(document: z.output<typeof wacListedUser>): KnownCommunicationsUser {
  return { id: document.id, user: communicationsUserOf(document) }
}

function pathOf(id: string): string {
  return `users/${encodeURIComponent(id)}`
}
