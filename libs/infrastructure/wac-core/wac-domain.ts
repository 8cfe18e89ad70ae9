import { systemRefused } from '#kernel'
import { type Domain, type DomainName, domainName, type DomainSettings, serviceNames } from '#core/domains'

/** A domain as wac-core shows it. What else somebody put into it stays in it. */
export interface WacDomain {
  readonly id: string
  /** The name of the domain above. */
  readonly parent: string | null
  readonly domain: string
  readonly origins: readonly string[]
  readonly enableAnonymous: boolean
  readonly anonymousExpiration: number
  readonly anonymousCapabilities: readonly string[]
  readonly services: Readonly<Record<string, readonly string[]>>
  readonly remoteSipRegister: boolean
}

export type WacDomainBody = Omit<WacDomain, 'id'>

/** What kitter knows of a domain. */
type KnownWacDomain = Omit<WacDomain, 'anonymousExpiration'>

type KnownFields = Omit<KnownWacDomain, 'id'>

/** A domain that isn't there yet. */
export function newWacDomain(settings: DomainSettings): WacDomainBody {
  return { anonymousExpiration: 0, ...fieldsOf(settings) }
}

/** A domain as it was read, with what kitter knows of it replaced. */
export function mergedWacDomain<Before extends Pick<WacDomain, 'services'>>(
  before: Before,
  settings: DomainSettings,
): Before & KnownFields {
  const fields = fieldsOf(settings)
  const foreign = Object.entries(before.services).filter(([name]) => !isServiceName(name))
  return { ...before, ...fields, services: { ...Object.fromEntries(foreign), ...fields.services } }
}

export function domainOf({ id, domain, parent, services, ...rest }: KnownWacDomain): Domain {
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

/** Whether the names of a domain and of the one above are such as kitter can use. */
export function isUsableWacDomain({ domain, parent }: Pick<WacDomain, 'domain' | 'parent'>): boolean {
  return domainName(domain) !== undefined && (parent === null || domainName(parent) !== undefined)
}

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

function nameOf(text: string): DomainName {
  const name = domainName(text)
  if (name !== undefined) return name
  const problem = `wac-core has a domain whose name kitter can't use: ${JSON.stringify(text)}`
  throw systemRefused('wac-core', new Error(problem))
}

function isServiceName(name: string): boolean {
  return serviceNames.some((known) => known === name)
}
