import { Injectable, Logger } from '@nestjs/common'
import { DomainError } from '#kernel'
import type { Phase } from '../domain/reconciliation.ts'
import { phases } from '../domain/reconciliation.ts'
import { DomainsPhase } from './domains-phase.ts'
import { ReconciliationPace } from './reconciliation-pace.ts'
import { Reconciliations, type Shift, ShiftOver, type TakenReconciliation } from './reconciliations.ts'
import { ScanPhase } from './scan-phase.ts'
import { Staging } from './staging.ts'
import { UsersPhase } from './users-phase.ts'
import { WorkingShift } from './working-shift.ts'

/**
 * Works on the reconciliation that is running, where nobody else does: what it staged, whom it has looked at and what it
 * found is written down as it goes, so that any replica carries on where another ended.
 */
@Injectable()
export class Reconciler {
  private readonly log = new Logger(Reconciler.name)

  constructor(
    private readonly reconciliations: Reconciliations,
    private readonly staging: Staging,
    private readonly domains: DomainsPhase,
    private readonly scan: ScanPhase,
    private readonly users: UsersPhase,
    private readonly pace: ReconciliationPace,
  ) {}

  /** Until it has ended, or the signal says so. */
  async work(signal: AbortSignal): Promise<void> {
    const taken = await this.reconciliations.takeOver()
    if (taken === undefined) return
    if (taken.tries > this.pace.mostTries) return this.giveUp(taken)
    await using shift = new WorkingShift(this.reconciliations, taken, signal, this.pace)
    try {
      for (const phase of phases.slice(phases.indexOf(shift.phase))) {
        await shift.enter(phase)
        await this.phase(phase, shift)
      }
      // a domain may be removed, or get another name, once its users are mended
      if (shift.reconciliation.policy.apply) await this.domains.run(shift)
      await shift.end()
      await this.staging.forget(shift.id)
      this.log.log({ reconciliation: shift.id, ...shift.counts }, 'a reconciliation is done')
    } catch (error) {
      await this.interrupted(shift, error)
    }
  }

  private phase(phase: Phase, shift: WorkingShift): Promise<void> {
    switch (phase) {
      case 'domains':
        return this.domains.run(shift)
      case 'accounts':
        return this.scan.accounts(shift)
      case 'communications_users':
        return this.scan.communicationsUsers(shift)
      case 'comparison':
        return this.scan.compare(shift)
      case 'users':
        return this.users.run(shift)
    }
  }

  /** It was cancelled, or another replica has it. */
  private async leave({ id }: WorkingShift): Promise<void> {
    const now = await this.reconciliations.find(id)
    if (now?.state !== 'running') await this.staging.forget(id)
  }

  /** With what last kept it from going on. */
  private async giveUp(taken: TakenReconciliation): Promise<void> {
    this.log.warn({ reconciliation: taken.id, reason: taken.reconciliation.lastError }, 'a reconciliation failed')
    await this.fail(taken)
  }

  private async interrupted(shift: WorkingShift, error: unknown): Promise<void> {
    if (error instanceof ShiftOver) return this.leave(shift)
    if (shift.isStopping) return this.reconciliations.postpone(shift, 'its replica was stopped', 0)
    if (error instanceof DomainError && error.kind === 'conflict') return this.fail(shift, error.message)
    if (error instanceof DomainError) {
      this.log.warn({ reconciliation: shift.id, err: error }, 'a reconciliation goes on later')
      return this.reconciliations.postpone(shift, error.message, this.pace.restSeconds)
    }
    this.log.error({ reconciliation: shift.id, err: error }, 'a reconciliation failed')
    await this.fail(shift, 'An unexpected error; the log tells it.')
  }

  /** Only then is what was staged forgotten: nobody may take an empty one for one without differences. */
  private async fail(shift: Shift, reason?: string): Promise<void> {
    await this.reconciliations.end(shift, 'failed', reason)
    await this.staging.forget(shift.id)
  }
}
