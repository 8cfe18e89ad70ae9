import type { DomainName } from './domain-name.ts'
import { type DomainServices, type DomainServicesPatch, mergeServices } from './domain-services.ts'

/** What a domain is made of, its place in the tree included. Names are lower-case. */
export interface DomainSettings {
  readonly name: DomainName
  /** The domain above; only the root has none. */
  readonly parent: DomainName | undefined
  readonly enableAnonymous: boolean
  readonly anonymousCapabilities: readonly string[]
  readonly origins: readonly string[]
  readonly remoteSipRegister: boolean
  readonly services: DomainServices
}

/** A domain under the id that wac-core gave it (24 hex digits). */
export interface Domain extends DomainSettings {
  readonly id: string
}

/** An absent field stays as it is; services merge key by key; lists are replaced. */
export interface DomainPatch {
  readonly name?: DomainName
  readonly parent?: DomainName
  readonly enableAnonymous?: boolean
  readonly anonymousCapabilities?: readonly string[]
  readonly origins?: readonly string[]
  readonly remoteSipRegister?: boolean
  readonly services?: DomainServicesPatch
}

export function patched(domain: Domain, { services, ...rest }: DomainPatch): Domain {
  return {
    ...domain,
    ...rest,
    services: services === undefined ? domain.services : mergeServices(domain.services, services),
  }
}

/** Whether two mean the same, in whatever order their services are told. */
export function sameSettings(one: DomainSettings, other: DomainSettings): boolean {
  return canonical(one) === canonical(other)
}

function canonical({
  name,
  parent = null,
  services,
  ...rest
}: Omit<DomainSettings, 'parent'> & { parent?: unknown }): string {
  const { enableAnonymous, anonymousCapabilities, origins, remoteSipRegister } = rest
  const sorted = Object.entries(services).sort(([one], [other]) => (one < other ? -1 : 1))
  return JSON.stringify([name, parent, enableAnonymous, anonymousCapabilities, origins, remoteSipRegister, sorted])
}

const domainId = /^[0-9a-f]{24}$/

export function isDomainId(text: string): boolean {
  return domainId.test(text)
}
