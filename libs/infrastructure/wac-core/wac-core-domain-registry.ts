import { Injectable, Logger } from '@nestjs/common'
import type { DomainError } from '#kernel'
import {
  type Domain,
  domainNameTaken,
  DomainRegistry,
  type DomainSettings,
  unknownDomain,
  unknownDomainIn,
} from '#core/domains'
import { WacCore } from './wac-core.ts'
import { wacDomainDocument, wacDomainDocuments } from './wac-documents.ts'
import { domainOf, isUsableWacDomain, mergedWacDomain, newWacDomain } from './wac-domain.ts'
import { wacDomainHasUsers } from './wac-domain-has-users.ts'

/** wac-core's domains, over HTTP. */
@Injectable()
export class WacCoreDomainRegistry extends DomainRegistry {
  private readonly log = new Logger(WacCoreDomainRegistry.name)

  constructor(private readonly wacCore: WacCore) {
    super()
  }

  /** Without those whose names kitter can't use: one that somebody made by hand must not hide all others. */
  override async list(): Promise<readonly Domain[]> {
    const documents = await this.wacCore.read('domains', wacDomainDocuments)
    const usable = documents.filter(isUsableWacDomain)
    const left = documents.length - usable.length
    if (left > 0) this.log.warn(`wac-core has ${left} domain(s) whose names kitter can't use, and leaves out`)
    return usable.map(domainOf)
  }

  override create(domain: DomainSettings): Promise<string> {
    return this.wacCore.create(
      { path: 'domains', body: newWacDomain(domain) },
      { 400: () => this.parentProblem(domain), 409: () => domainNameTaken(domain.name) },
    )
  }

  override async find(id: string): Promise<Domain | undefined> {
    const document = await this.wacCore.find(pathOf(id), wacDomainDocument)
    return document && domainOf(document)
  }

  override async replace(domain: Domain): Promise<Domain> {
    const path = pathOf(domain.id)
    const before = await this.wacCore.find(path, wacDomainDocument)
    if (before === undefined) throw unknownDomain()
    const previous = domainOf(before)
    await this.wacCore.replace(path, mergedWacDomain(before, domain), {
      400: () => this.parentProblem(domain),
      404: unknownDomain,
      409: () => this.conflictOf(domain),
    })
    return previous
  }

  override async remove(id: string): Promise<void> {
    const wasThere = await this.wacCore.remove(pathOf(id), { 409: wacDomainHasUsers })
    if (!wasThere) throw unknownDomain()
  }

  private async parentProblem({ parent }: DomainSettings): Promise<DomainError | undefined> {
    const isKnown = parent === undefined || (await this.has(parent))
    return isKnown ? undefined : unknownDomainIn('parent')
  }

  /** A change is refused for another domain's name, or for users whose logins the old name is part of. */
  private async conflictOf({ id, name }: Domain): Promise<DomainError> {
    const documents = await this.wacCore.read('domains', wacDomainDocuments)
    const isTaken = documents.some((other) => other.domain === name && other.id !== id)
    return isTaken ? domainNameTaken(name) : wacDomainHasUsers()
  }

  private async has(name: string): Promise<boolean> {
    return (await this.wacCore.read('domains', wacDomainDocuments)).some(({ domain }) => domain === name)
  }
}

function pathOf(id: string): string {
  return `domains/${encodeURIComponent(id)}`
}
