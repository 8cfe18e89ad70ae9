import { Injectable } from '@nestjs/common'
import { everywhere, kitterItself } from '#kernel'
import { exclusive, Provisioning } from '#core/provisioning'
import type { DomainSettings } from '../domain/domain.ts'
import type { DomainName } from '../domain/domain-name.ts'
import { PlatformDomains } from '../domain/platform-domains.ts'
import { DomainOperationKinds } from './domain-operation-kinds.ts'
import { DomainRecords } from './domain-records.ts'

/** Makes sure at every start that the domains exist without which no platform is one. */
@Injectable()
export class PlatformSetup {
  constructor(
    private readonly provisioning: Provisioning,
    private readonly kinds: DomainOperationKinds,
    private readonly records: DomainRecords,
    private readonly platform: PlatformDomains,
  ) {}

  async ensureDomains(): Promise<void> {
    await this.ensure(this.platform.root, undefined)
    await this.ensure(this.platform.anonymous, this.platform.root)
  }

  /** At every start but the first there is nothing to do, and nothing is claimed. */
  private async ensure(name: DomainName, parent: DomainName | undefined): Promise<void> {
    if ((await this.records.findByName(everywhere, name)) !== undefined) return
    await this.provisioning.run(kitterItself, {
      kind: this.kinds.adopt,
      subject: name,
      claims: [exclusive(`domain-name:${name}`)],
      prepare: async () => {
        const known = await this.records.findByName(everywhere, name)
        const payload = { settings: platformDomain(name, parent) }
        return { payload, result: () => undefined, ...(known !== undefined && { steps: [] }) }
      },
    })
  }
}

function platformDomain(name: DomainName, parent: DomainName | undefined): DomainSettings {
  return {
    name,
    parent,
    enableAnonymous: false,
    anonymousCapabilities: [],
    origins: [],
    remoteSipRegister: false,
    services: {},
  }
}
