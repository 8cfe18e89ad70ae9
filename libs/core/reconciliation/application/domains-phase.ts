import { Injectable } from '@nestjs/common'
import { DomainError } from '#kernel'
import { domainName } from '#core/domains'
import type { Difference } from '../domain/difference.ts'
import type { DomainKey } from '../domain/domain-sides.ts'
import { DomainDifferences } from './domain-differences.ts'
import { toldOf } from './told-of.ts'
import type { WorkingShift } from './working-shift.ts'

/** Looks at the domains first: users belong to them. */
@Injectable()
export class DomainsPhase {
  constructor(private readonly differences: DomainDifferences) {}

  async run(shift: WorkingShift): Promise<void> {
    let busy = 0
    for (const key of await this.suspects(shift)) {
      if ((await this.look(shift, key)) === 'busy') busy++
      shift.requireOn()
    }
    // otherwise the domains are only looked at again
    if (shift.phase === 'domains') await shift.count({ busy })
  }

  /** Also those that were found before: what has mended them since may be the recovery of a replica that is gone. */
  private async suspects(shift: WorkingShift): Promise<readonly DomainKey[]> {
    const { domain, policy } = shift.reconciliation
    const suspects = await this.differences.suspects(domain, policy)
    const found = policy.apply ? await shift.found('domain') : []
    const others = found.filter(({ id }) => suspects.every((suspect) => suspect.id !== id))
    return [...suspects, ...others.flatMap(keyOf)]
  }

  private async look(shift: WorkingShift, key: DomainKey): Promise<'over' | 'busy'> {
    const { startedBy, policy } = shift.reconciliation
    try {
      const drift = await this.differences.see(startedBy, key, policy)
      if (drift === undefined) return await this.settled(shift, key)
      const reason = this.differences.obstacle(drift, policy)?.reason
      await shift.tell({ ...drift.difference, outcome: 'found', reason })
      if (!policy.apply) return 'over'
      const told = toldOf(drift.difference, await this.differences.mend(startedBy, key, drift, policy))
      if (told === undefined) return 'busy'
      await shift.tell(told)
      return 'over'
    } catch (error) {
      // a system that is away keeps everybody waiting; anything else is about this one
      if (error instanceof DomainError && error.kind !== 'unavailable') return 'busy'
      throw error
    }
  }

  /** What was found has been mended by then, by its operation's recovery or with another domain. */
  private async settled(shift: WorkingShift, { id }: DomainKey): Promise<'over'> {
    const told = await shift.told('domain', id)
    if (told !== undefined) await shift.tell({ ...told, outcome: 'mended', reason: undefined })
    return 'over'
  }
}

function keyOf({ id, name }: Difference): readonly DomainKey[] {
  const known = domainName(name)
  return known === undefined ? [] : [{ id, name: known }]
}
