import { Injectable } from '@nestjs/common'
import { DomainError } from '#kernel'
import { domainName } from '#core/domains'
import type { Difference } from '../domain/difference.ts'
import type { DomainKey } from '../domain/domain-sides.ts'
import { DomainDifferences } from './domain-differences.ts'
import { lookAt, type Looked } from './look-at.ts'
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

  private async look(shift: WorkingShift, key: DomainKey): Promise<Looked> {
    try {
      return await lookAt(shift, this.differences, key, { about: 'domain', id: key.id })
    } catch (error) {
      // a system that is away keeps everybody waiting; anything else is about this one
      if (error instanceof DomainError && error.kind !== 'unavailable') return 'busy'
      throw error
    }
  }
}

function keyOf({ id, name }: Difference): readonly DomainKey[] {
  const known = domainName(name)
  return known === undefined ? [] : [{ id, name: known }]
}
