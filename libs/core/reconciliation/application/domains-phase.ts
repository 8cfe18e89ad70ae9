import { Injectable } from '@nestjs/common'
import { DomainError } from '#kernel'
import type { DomainKey } from '../domain/domain-sides.ts'
import { DomainDifferences } from './domain-differences.ts'
import { toldOf } from './told-of.ts'
import type { WorkingShift } from './working-shift.ts'

/** Looks at the domains first: users belong to them. */
@Injectable()
export class DomainsPhase {
  constructor(private readonly differences: DomainDifferences) {}

  async run(shift: WorkingShift): Promise<void> {
    const { domain, policy } = shift.reconciliation
    let busy = 0
    for (const key of await this.differences.suspects(domain, policy)) {
      if ((await this.look(shift, key)) === 'busy') busy++
      shift.requireOn()
    }
    // otherwise the domains are only looked at again
    if (shift.phase === 'domains') await shift.count({ busy })
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
