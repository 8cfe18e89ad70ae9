import { Injectable } from '@nestjs/common'
import { type Actor, everywhere } from '#kernel'
import {
  changesDomain,
  closesDomain,
  type Domain,
  type DomainName,
  domainLoop,
  domainNameTaken,
  domainNotEmpty,
  DomainRecords,
  DomainRegistry,
  livesIn,
  PlatformDomains,
  settlesDomainName,
  usesTree,
} from '#core/domains'
import { type Claim, covers, operationInProgress, Provisioning } from '#core/provisioning'
import { domainDrift, type DomainDrift, fromTheTop } from '../domain/domain-drift.ts'
import { type DomainKey, type DomainSides, sidesOf } from '../domain/domain-sides.ts'
import type { Policy } from '../domain/policy.ts'
import { differenceGone, domainMissing } from '../domain/reconciliation-errors.ts'
import { DomainMending } from './domain-mending.ts'
import type { Differences } from './differences.ts'
import { mended, type Mended } from './mended.ts'

@Injectable()
export class DomainDifferences implements Differences<DomainKey, DomainDrift> {
  constructor(
    private readonly provisioning: Provisioning,
    private readonly mending: DomainMending,
    private readonly registry: DomainRegistry,
    private readonly records: DomainRecords,
    private readonly platform: PlatformDomains,
  ) {}

  /** Those that look different, the domains above first; of those that are to be removed, those below. */
  async suspects(name: DomainName | undefined, policy: Policy): Promise<readonly DomainKey[]> {
    const [registered, recorded] = await Promise.all([this.registry.list(), this.records.list(everywhere, {})])
    const missing = fromTheTop(recorded.filter((record) => !sidesOf(registered, recorded, record).registered))
    return [...fromTheTop(registered), ...(policy.remove ? missing.toReversed() : missing)]
      .map((domain) => ({ domain, sides: sidesOf(registered, recorded, domain) }))
      .filter(({ domain, sides }) => name === undefined || domain.name === name || sides.record?.name === name)
      .filter(({ sides }) => this.driftOf(sides, policy) !== undefined)
      .map(({ domain, sides }) => sides.record ?? domain)
  }

  async see(actor: Actor, key: DomainKey, policy: Policy): Promise<DomainDrift | undefined> {
    const claims = [changesDomain(key.id), settlesDomainName(key.name), usesTree(false)]
    return this.provisioning.hold(actor, { subject: key.id, claims }, async () =>
      this.driftOf(await this.read(key), policy),
    )
  }

  async mend(actor: Actor, key: DomainKey, drift: DomainDrift, policy: Policy): Promise<Mended> {
    const obstacle = this.obstacle(drift, policy)
    if (obstacle !== undefined) return obstacle
    const { goal } = drift
    return mended(goal === undefined ? this.remove(actor, key, policy) : this.align(actor, key, goal, policy))
  }

  obstacle({ difference, problem }: DomainDrift, policy: Policy): Mended | undefined {
    if (difference.remedy === 'adopt' && !policy.adopt) {
      return { outcome: 'left', reason: 'kitter never made it, and adopts only when that is asked for.' }
    }
    return problem === undefined ? undefined : { outcome: 'refused', reason: problem }
  }

  private align(actor: Actor, key: DomainKey, seen: Domain, policy: Policy): Promise<void> {
    const claimsFor = (before: DomainName, goal: Domain): readonly Claim[] => [
      changesDomain(key.id),
      settlesDomainName(goal.name),
      usesTree(true),
      ...(before === goal.name ? [] : [closesDomain(before)]),
      ...(goal.parent === undefined ? [] : [livesIn(goal.parent)]),
    ]
    return this.provisioning.run(actor, {
      kind: this.mending.reconcile,
      subject: key.id,
      claims: claimsFor(key.name, seen),
      prepare: async () => {
        const sides = await this.read(key)
        const goal = this.driftOf(sides, policy)?.goal
        if (goal === undefined) throw differenceGone()
        if (!covers(claimsFor(key.name, seen), claimsFor(sides.record?.name ?? key.name, goal)))
          throw operationInProgress()
        await this.requireFreeName(goal, sides.record)
        await this.requirePlace(goal, sides.record)
        return {
          payload: { goal, before: sides.record, registers: sides.registered === undefined },
          result: () => undefined,
        }
      },
    })
  }

  private remove(actor: Actor, key: DomainKey, policy: Policy): Promise<void> {
    return this.provisioning.run(actor, {
      kind: this.mending.removeLeftover,
      subject: key.id,
      claims: [changesDomain(key.id), closesDomain(key.name), usesTree(true)],
      removesSubject: true,
      prepare: async () => {
        const sides = await this.read(key)
        const { record } = sides
        if (record === undefined || this.driftOf(sides, policy)?.difference.remedy !== 'remove') throw differenceGone()
        const [users, children] = await Promise.all([
          this.records.countUsers(record.name),
          this.records.children(record.name),
        ])
        if (users + children.length > 0) throw domainNotEmpty(record.name, users, children.length)
        return { payload: { before: record }, result: () => undefined }
      },
    })
  }

  private async requireFreeName({ name }: Domain, record: Domain | undefined): Promise<void> {
    const owner = await this.records.findByName(everywhere, name)
    if (owner !== undefined && owner.id !== record?.id) throw domainNameTaken(name)
  }

  /** The domain above is there, and isn't below it. */
  private async requirePlace({ id, name, parent }: Domain, record: Domain | undefined): Promise<void> {
    for (let above = parent; above !== undefined;) {
      const domain = await this.records.findByName(everywhere, above)
      if (domain === undefined) throw domainMissing(above)
      if (domain.id === id || domain.id === record?.id) throw domainLoop(name, parent ?? name)
      above = domain.parent
    }
  }

  private async read(key: DomainKey): Promise<DomainSides> {
    const [registered, recorded] = await Promise.all([this.registry.list(), this.records.list(everywhere, {})])
    const sides = sidesOf(registered, recorded, key)
    if (sides.record === undefined || sides.registered !== undefined) return sides
    // the list is without those whose names kitter can't use: such a domain isn't gone
    return { ...sides, registered: await this.registry.find(sides.record.id) }
  }

  private driftOf(sides: DomainSides, { remove }: Policy): DomainDrift | undefined {
    return domainDrift(sides, { platform: this.platform, remove })
  }
}
