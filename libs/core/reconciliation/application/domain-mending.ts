import { Injectable } from '@nestjs/common'
import { differences } from '#core/audit'
import { type Domain, DomainRecords, DomainRegistry, toldOfDomain } from '#core/domains'
import { madeOrFound, type OperationKind, OperationKinds, type Step } from '#core/provisioning'

type Mending = {
  readonly goal: Domain
  /** None where kitter hadn't the domain. */
  readonly before?: Domain | undefined
  /** Makes it again at wac-core. */
  readonly registers: boolean
}

type MendingState = { readonly domainId?: string }
type Leftover = { readonly before: Domain }
type Nothing = Readonly<Record<string, never>>

/** How differences of domains are mended: what wac-core lost is made again there, and kitter's own row follows wac-core. */
@Injectable()
export class DomainMending {
  readonly reconcile: OperationKind<Mending, MendingState> = {
    name: 'domain.reconcile',
    settling: () => 'finish',
    steps: ({ goal, registers }) => (registers ? [this.register(goal)] : []),
    commit: async ({ goal, before }, { domainId = goal.id }, within) => {
      const domain = { ...goal, id: domainId }
      await (before === undefined ? this.records.add(domain, within) : this.records.replace(domain, within, before.id))
    },
    change: ({ goal, before }, { domainId: subject = goal.id }) => ({
      subject,
      ...differences(before === undefined ? {} : toldOfDomain(before), toldOfDomain(goal)),
    }),
  }

  readonly removeLeftover: OperationKind<Leftover, Nothing> = {
    name: 'domain.remove_leftover',
    settling: () => 'finish',
    steps: () => [],
    commit: ({ before }, _, within) => this.records.remove(before.id, within),
    change: ({ before }) => ({ before: toldOfDomain(before) }),
  }

  constructor(
    private readonly registry: DomainRegistry,
    private readonly records: DomainRecords,
    kinds: OperationKinds,
  ) {
    kinds.add(this.reconcile)
    kinds.add(this.removeLeftover)
  }

  /** Where somebody has made one of that name meanwhile, it's that. */
  private register({ id: _, ...settings }: Domain): Step<MendingState> {
    return {
      name: 'wac-core: create domain',
      do: async () => {
        const ownId = async (): Promise<string | undefined> =>
          (await this.registry.list()).find(({ name }) => name === settings.name)?.id
        return { domainId: (await ownId()) ?? (await madeOrFound('wac-core', this.registry.create(settings), ownId)) }
      },
      // a domain that both should have may stay where the rest fails
      undo: () => Promise.resolve(),
    }
  }
}
