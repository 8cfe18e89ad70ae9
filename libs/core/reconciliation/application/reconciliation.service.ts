import { randomUUID } from 'node:crypto'
import { Injectable } from '@nestjs/common'
import { type Actor, isUuid, type Page } from '#kernel'
import { type DomainName, DomainsService } from '#core/domains'
import type { Outcome, ToldDifference } from '../domain/difference.ts'
import type { Policy } from '../domain/policy.ts'
import type { Reconciliation } from '../domain/reconciliation.ts'
import { reconciliationEnded, unknownReconciliation } from '../domain/reconciliation-errors.ts'
import { Reconciliations } from './reconciliations.ts'

@Injectable()
export class ReconciliationService {
  constructor(
    private readonly reconciliations: Reconciliations,
    private readonly domains: DomainsService,
  ) {}

  /** Whichever replica is free begins it soon. */
  async start(actor: Actor, domain: DomainName | undefined, policy: Policy): Promise<Reconciliation> {
    if (domain !== undefined) await this.domains.resolve(actor, domain, 'scope')
    return this.reconciliations.add({ id: randomUUID(), domain, policy, startedBy: actor })
  }

  list(page: Page): Promise<{ readonly reconciliations: readonly Reconciliation[]; readonly total: number }> {
    return this.reconciliations.list(page)
  }

  async read(id: string): Promise<Reconciliation> {
    const reconciliation = isUuid(id) ? await this.reconciliations.find(id) : undefined
    if (reconciliation === undefined) throw unknownReconciliation()
    return reconciliation
  }

  /** What was mended by then stays so. */
  async cancel(id: string): Promise<Reconciliation> {
    await this.read(id)
    if (!(await this.reconciliations.cancel(id))) throw reconciliationEnded()
    return this.read(id)
  }

  async listDifferences(
    id: string,
    outcome: Outcome | undefined,
    page: Page,
  ): Promise<{ readonly differences: readonly ToldDifference[]; readonly total: number }> {
    await this.read(id)
    return this.reconciliations.listDifferences(id, outcome, page)
  }
}
