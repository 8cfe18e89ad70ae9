import { Injectable } from '@nestjs/common'
import { differences } from '#core/audit'
import { goneEither, madeOrFound, type OperationKind, OperationKinds, type Step } from '#core/provisioning'
import { isOutcomeUnknown, systemUnavailable } from '#kernel'
import { domainNameTaken } from '../domain/domain-errors.ts'
import { type Domain, type DomainSettings, sameSettings } from '../domain/domain.ts'
import { toldOf } from './told-of.ts'
import { DomainRecords } from './domain-records.ts'
import { DomainRegistry } from './domain-registry.ts'

export type CreateState = { readonly domainId?: string }
/** The domains as they were before their step, by id. */
export type ReplaceState = Readonly<Record<string, Domain | undefined>>
export type AdoptState = { readonly domain?: Domain }

export type Replacement = {
  readonly before: Domain
  readonly domain: Domain
  /** Their parent is renamed with it. */
  readonly children: readonly Domain[]
}
export type Settings = { readonly settings: DomainSettings }
type Removal = { readonly id: string; readonly before: Domain }
type Nothing = Readonly<Record<string, never>>

/** The effects on wac-core, and how they're settled: a create that was left is undone, everything else is finished. */
@Injectable()
export class DomainOperationKinds {
  readonly create: OperationKind<Settings, CreateState> = {
    name: 'domain.create',
    settling: () => 'undo',
    steps: ({ settings }) => [this.register(settings)],
    commit: ({ settings }, { domainId = '' }, within) => this.records.add({ ...settings, id: domainId }, within),
    change: ({ settings }, { domainId = '' }) => ({ subject: domainId, after: toldOf(settings) }),
  }

  readonly update: OperationKind<Replacement, ReplaceState> = {
    name: 'domain.update',
    lateHarms: true,
    settling: () => 'finish',
    steps: ({ domain, children }) => [
      { ...this.replace(domain), undo: (state) => this.putBack([domain, ...children], state) },
      // a child goes back when its parent has its old name again
      ...children.map((child) => ({ ...this.replace(child), undo: () => Promise.resolve() })),
    ],
    commit: ({ domain }, _, within) => this.records.replace(domain, within),
    change: ({ before, domain }) => differences(toldOf(before), toldOf(domain)),
  }

  readonly remove: OperationKind<Removal, Nothing> = {
    name: 'domain.delete',
    settling: () => 'finish',
    steps: ({ id }) => [this.unregister(id)],
    commit: ({ id }, _, within) => this.records.remove(id, within),
    change: ({ before }) => ({ before: toldOf(before) }),
  }

  readonly adopt: OperationKind<Settings, AdoptState> = {
    name: 'domain.adopt',
    settling: () => 'finish',
    steps: ({ settings }) => [this.adoptOrRegister(settings)],
    commit: async (_, { domain }, within) => {
      if (domain !== undefined) await this.records.add(domain, within)
    },
    change: (_, { domain }) => (domain === undefined ? {} : { subject: domain.id, after: toldOf(domain) }),
  }

  constructor(
    private readonly registry: DomainRegistry,
    private readonly records: DomainRecords,
    kinds: OperationKinds,
  ) {
    kinds.add(this.create)
    kinds.add(this.update)
    kinds.add(this.remove)
    kinds.add(this.adopt)
  }

  /** Where the answer was lost, the domain is the one of that name with just these settings. */
  private register(settings: DomainSettings): Step<CreateState> {
    const ownId = async (): Promise<string | undefined> => {
      const found = await this.named(settings.name)
      return found !== undefined && sameSettings(found, settings) ? found.id : undefined
    }
    return {
      name: 'wac-core: create domain',
      // somebody else's must never be taken for ours
      look: async (state) => {
        if ((await this.named(settings.name)) !== undefined) throw domainNameTaken(settings.name)
        return state
      },
      do: async () => ({ domainId: await madeOrFound('wac-core', this.registry.create(settings), ownId) }),
      undo: async ({ domainId }) => {
        const id = domainId ?? (await ownId())
        if (id !== undefined) await goneEither(this.registry.remove(id))
      },
    }
  }

  private replace(domain: Domain): Step<ReplaceState> {
    return {
      name: `wac-core: update domain ${domain.id}`,
      look: async (state) => ({ [domain.id]: await this.registry.find(domain.id), ...state }),
      do: async (state) => {
        await this.registry.replace(domain)
        return state
      },
    }
  }

  private async putBack(domains: readonly Domain[], state: ReplaceState): Promise<void> {
    for (const { id } of domains) {
      const before = state[id]
      if (before !== undefined) await goneEither(this.registry.replace(before).then(() => undefined))
    }
  }

  private unregister(id: string): Step<Nothing> {
    return {
      name: 'wac-core: delete domain',
      do: async (state) => {
        await goneEither(this.registry.remove(id))
        return state
      },
    }
  }

  /** As wac-core has it already, in its place in the tree, or newly made there. It may stay when the rest fails. */
  private adoptOrRegister(settings: DomainSettings): Step<AdoptState> {
    return {
      name: 'wac-core: adopt domain',
      do: async () => {
        const existing = await this.named(settings.name)
        if (existing === undefined) return { domain: { ...settings, id: await this.registered(settings) } }
        const domain = { ...existing, parent: settings.parent }
        if (existing.parent !== settings.parent) await this.registry.replace(domain)
        return { domain }
      },
      undo: () => Promise.resolve(),
    }
  }

  /** Whatever came of a create without an answer, the next try finds it and adopts it. */
  private async registered(settings: DomainSettings): Promise<string> {
    try {
      return await this.registry.create(settings)
    } catch (error) {
      throw isOutcomeUnknown(error) ? systemUnavailable('wac-core', error) : error
    }
  }

  private async named(name: string): Promise<Domain | undefined> {
    return (await this.registry.list()).find((domain) => domain.name === name)
  }
}
