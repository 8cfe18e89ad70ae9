import { Injectable } from '@nestjs/common'
import { type Actor, isOutcomeUnknown, systemUnavailable } from '#kernel'
import { exclusive, Provisioning, type Step } from '#core/provisioning'
import type { Domain, DomainSettings } from '../domain/domain.ts'
import type { DomainName } from '../domain/domain-name.ts'
import { PlatformDomains } from '../domain/platform-domains.ts'
import { DomainRecords } from './domain-records.ts'
import { DomainRegistry } from './domain-registry.ts'

type AdoptState = { readonly domain?: Domain }

const kitter: Actor = { subject: 'kitter', name: 'kitter', role: 'kitter-admin' }

/** Makes sure at every start that the domains exist without which no platform is one. */
@Injectable()
export class PlatformSetup {
  constructor(
    private readonly provisioning: Provisioning,
    private readonly registry: DomainRegistry,
    private readonly records: DomainRecords,
    private readonly platform: PlatformDomains,
  ) {}

  async ensureDomains(): Promise<void> {
    await this.ensure(this.platform.root, undefined)
    await this.ensure(this.platform.anonymous, this.platform.root)
  }

  /** At every start but the first there is nothing to do, and nothing is claimed. */
  private async ensure(name: DomainName, parent: DomainName | undefined): Promise<void> {
    if ((await this.records.findByName({ everything: true }, name)) !== undefined) return
    await this.provisioning.run<AdoptState, undefined>(kitter, {
      kind: 'domain.adopt',
      subject: name,
      claims: [exclusive(`domain-name:${name}`)],
      prepare: async () => {
        const known = await this.records.findByName({ everything: true }, name)
        return {
          state: {},
          steps: known === undefined ? [this.adopt(platformDomain(name, parent))] : [],
          commit: async ({ domain }, within) => {
            if (domain !== undefined) await this.records.add(domain, within)
          },
          result: () => undefined,
        }
      },
    })
  }

  /** As wac-core has it already, in its place in the tree, or newly made there. It may stay when the rest fails. */
  private adopt(settings: DomainSettings): Step<AdoptState> {
    return {
      name: 'wac-core: adopt domain',
      do: async () => {
        const existing = (await this.registry.list()).find(({ name }) => name === settings.name)
        if (existing === undefined) return { domain: { ...settings, id: await this.create(settings) } }
        const domain = { ...existing, parent: settings.parent }
        if (existing.parent !== settings.parent) await this.registry.replace(domain)
        return { domain }
      },
      undo: () => Promise.resolve(),
    }
  }

  /** Whatever came of a create without an answer, the next try finds it and adopts it. */
  private async create(settings: DomainSettings): Promise<string> {
    try {
      return await this.registry.create(settings)
    } catch (error) {
      throw isOutcomeUnknown(error) ? systemUnavailable('wac-core', error) : error
    }
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
