import { Injectable } from '@nestjs/common'
import { type Domain, DomainRegistry, type DomainSettings } from '#core/domains'
import { domainOf, isUsableWacDomain, mergedWacDomain, newWacDomain } from '#infrastructure/wac-core'
import { WacDomainsStore } from './wac-domains.store.ts'

/** Stands in for wac-core's domains. */
@Injectable()
export class SandboxDomainRegistry extends DomainRegistry {
  constructor(private readonly store: WacDomainsStore) {
    super()
  }

  /** Without those whose names kitter can't use, as it is with the real one. */
  override async list(): Promise<readonly Domain[]> {
    return (await this.store.list()).filter(isUsableWacDomain).map(domainOf)
  }

  override async create(domain: DomainSettings): Promise<string> {
    return (await this.store.add(newWacDomain(domain))).id
  }

  override async find(id: string): Promise<Domain | undefined> {
    const domain = await this.store.find(id)
    return domain && domainOf(domain)
  }

  override async replace(domain: Domain): Promise<Domain> {
    return domainOf(await this.store.change(domain.id, (before) => mergedWacDomain(before, domain)))
  }

  override remove(id: string): Promise<void> {
    return this.store.remove(id)
  }
}
