import { Injectable } from '@nestjs/common'
import {
  type Domain,
  type DomainName,
  domainName,
  DomainRegistry,
  type DomainSettings,
  serviceNames,
} from '#core/domains'
import type { WacDomain } from './wac-domain.ts'
import { WacDomainsStore } from './wac-domains.store.ts'

/** Stands in for wac-core's domains. */
@Injectable()
export class SandboxDomainRegistry extends DomainRegistry {
  constructor(private readonly store: WacDomainsStore) {
    super()
  }

  override async list(): Promise<readonly Domain[]> {
    return (await this.store.list()).map(domainOf)
  }

  override async create(domain: DomainSettings): Promise<string> {
    return (await this.store.add({ anonymousExpiration: 0, ...fieldsOf(domain) })).id
  }

  override async find(id: string): Promise<Domain | undefined> {
    const domain = await this.store.find(id)
    return domain && domainOf(domain)
  }

  override async replace(domain: Domain): Promise<Domain> {
    return domainOf(await this.store.change(domain.id, (before) => merged(before, domain)))
  }

  override remove(id: string): Promise<void> {
    return this.store.remove(id)
  }
}

type KnownFields = Omit<WacDomain, 'id' | 'anonymousExpiration'>

function fieldsOf({ name, parent, services, ...rest }: DomainSettings): KnownFields {
  const { enableAnonymous, anonymousCapabilities, origins, remoteSipRegister } = rest
  return {
    domain: name,
    parent: parent ?? null,
    enableAnonymous,
    anonymousCapabilities,
    origins,
    remoteSipRegister,
    services,
  }
}

function merged(before: WacDomain, domain: Domain): WacDomain {
  const fields = fieldsOf(domain)
  const foreign = Object.entries(before.services).filter(([name]) => !isServiceName(name))
  return { ...before, ...fields, services: { ...Object.fromEntries(foreign), ...fields.services } }
}

function domainOf({ id, domain, parent, services, ...rest }: WacDomain): Domain {
  const { enableAnonymous, anonymousCapabilities, origins, remoteSipRegister } = rest
  const known = Object.entries(services).filter(([name]) => isServiceName(name))
  return {
    id,
    name: nameOf(domain),
    parent: parent === null ? undefined : nameOf(parent),
    enableAnonymous,
    anonymousCapabilities,
    origins,
    remoteSipRegister,
    services: Object.fromEntries(known),
  }
}

function nameOf(text: string): DomainName {
  const name = domainName(text)
  if (name === undefined) throw new Error(`wac-core has a domain whose name kitter can't use: ${JSON.stringify(text)}`)
  return name
}

function isServiceName(name: string): boolean {
  return serviceNames.some((known) => known === name)
}
