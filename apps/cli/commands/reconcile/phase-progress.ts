import { counted } from '../../output/counted.ts'
import { printable } from '../../output/printable.ts'
import type { ProgressState } from '../../output/progress.ts'
import { Rate } from '../../output/rate.ts'
import type { Reconciliation } from './reconciliation.ts'

/** Tells how far each phase of a reconciliation is. */
export class PhaseProgress {
  private readonly now: (() => number) | undefined
  private phase = ''
  private rate = new Rate()

  /** `now` in seconds. */
  constructor(now?: () => number) {
    this.now = now
  }

  of({ phase, counts, differences }: Reconciliation): ProgressState {
    if (phase !== this.phase) this.rate = new Rate(this.now)
    this.phase = phase
    const { accounts, communications_users: users, suspects, checked } = counts
    switch (phase) {
      case 'domains':
        return { text: 'Comparing domains' }
      case 'accounts':
        return { text: `Reading Keycloak: ${counted(accounts, 'account')}${this.speed(accounts)}` }
      case 'communications_users':
        return { text: `Reading wac-core: ${counted(users, 'user')}${this.speed(users)}` }
      case 'comparison':
        return { text: `Comparing ${counted(accounts, 'account')} and ${counted(users, 'user')} of wac-core` }
      case 'users': {
        const text = `Looking again at ${checked} of ${counted(suspects, 'user')} that differ${this.speed(checked)}`
        const mended = differences.mended === 0 ? '' : `, ${differences.mended} mended`
        return { text: `${text}${mended}`, done: checked, total: suspects }
      }
      default:
        return { text: printable(phase) }
    }
  }

  private speed(count: number): string {
    const rate = this.rate.of(count)
    return rate === undefined ? '' : `, ${rate < 10 ? rate.toFixed(1) : Math.round(rate)}/s`
  }
}
