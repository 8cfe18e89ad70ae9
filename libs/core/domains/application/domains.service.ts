import { Injectable } from '@nestjs/common'
import { type Actor, invalid, scopeOf } from '#kernel'
import type { Domain, DomainPatch, DomainSettings } from '../domain/domain.ts'
import { isDomainId } from '../domain/domain.ts'
import { domainProtected, rootMissing, unknownDomain, unknownDomainIn } from '../domain/domain-errors.ts'
import { type DomainName, domainName } from '../domain/domain-name.ts'
import { DomainFeatures } from '../domain/domain-features.ts'
import { PlatformDomains } from '../domain/platform-domains.ts'
import { DomainOperations } from './domain-operations.ts'
import { type DomainFilter, DomainRecords } from './domain-records.ts'

export type NewDomain = Omit<DomainSettings, 'parent'> & { readonly parent?: DomainName }
/** `parent: null` is the root. */
export type DomainChange = Omit<DomainPatch, 'parent'> & { readonly parent?: DomainName | null }

/** Domains as an actor sees them: what is out of the actor's scope isn't there. */
@Injectable()
export class DomainsService {
  constructor(
    private readonly records: DomainRecords,
    private readonly operations: DomainOperations,
    private readonly platform: PlatformDomains,
    private readonly features: DomainFeatures,
  ) {}

  list(actor: Actor, filter: DomainFilter): Promise<readonly Domain[]> {
    return this.records.list(scopeOf(actor), filter)
  }

  async read(actor: Actor, id: string): Promise<Domain> {
    const domain = isDomainId(id) ? await this.records.find(scopeOf(actor), id) : undefined
    if (domain === undefined) throw unknownDomain()
    return domain
  }

  /** The domain that a body names, or where it names none the actor's own: the root, or the domain admin's. */
  async resolve(actor: Actor, name: DomainName | undefined, path: string): Promise<Domain> {
    const scope = scopeOf(actor)
    const meant = name ?? (scope.everything ? this.platform.root : domainName(scope.domain))
    const domain = meant === undefined ? undefined : await this.records.findByName(scope, meant)
    if (domain !== undefined) return domain
    const mayKnow = scope.everything || domainName(scope.domain) === meant
    throw mayKnow && meant === this.platform.root ? rootMissing() : unknownDomainIn(path)
  }

  async create(actor: Actor, domain: NewDomain): Promise<Domain> {
    this.requireSwitchedOn(domain.remoteSipRegister, 'domain.remote_sip_register')
    const parent = await this.resolve(actor, domain.parent, 'domain.parent')
    return this.operations.create(actor, { ...domain, parent: parent.name })
  }

  async update(actor: Actor, id: string, { parent, ...patch }: DomainChange): Promise<Domain> {
    const domain = await this.read(actor, id)
    if (this.platform.protects(domain.name)) throw domainProtected(domain.name)
    this.requireSwitchedOn(patch.remoteSipRegister ?? false, 'remote_sip_register')
    const above = parent === null ? this.platform.root : parent
    if (above === undefined || above === domain.parent) return this.operations.update(actor, domain, patch)
    const target = await this.resolve(actor, above, 'parent')
    return this.operations.update(actor, domain, { ...patch, parent: target.name })
  }

  async remove(actor: Actor, id: string): Promise<void> {
    const domain = await this.read(actor, id)
    if (this.platform.protects(domain.name)) throw domainProtected(domain.name)
    await this.operations.remove(actor, domain)
  }

  private requireSwitchedOn(remoteSipRegister: boolean, path: string): void {
    if (remoteSipRegister && !this.features.remoteSipRegister) {
      throw invalid([{ path, problem: 'is switched off here; contact your administrator' }])
    }
  }
}
