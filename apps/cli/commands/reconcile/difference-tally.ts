import type { Difference } from './difference.ts'
import type { ReconciliationWish } from './reconciliation-wish.ts'

/** What has to be wished for to mend a difference of each remedy. Of others nothing is known to mend them. */
const wishes: ReadonlyMap<string, 'apply' | 'adopt' | 'delete'> = new Map([
  ['restore', 'apply'],
  ['align', 'apply'],
  ['adopt', 'adopt'],
  ['remove', 'delete'],
])

/** Counts differences that were found and not mended, by what would mend them. */
export class DifferenceTally {
  private readonly counts = { apply: 0, adopt: 0, delete: 0 }
  private all = 0
  /** Those that nothing is known to be in the way of. */
  private readonly free = { apply: 0, adopt: 0, delete: 0 }

  count({ remedy, outcome, reason }: Difference): void {
    this.all++
    const wish = wishes.get(remedy)
    if (wish === undefined || (outcome !== 'found' && outcome !== 'left')) return
    this.counts[wish]++
    if (reason === undefined) this.free[wish]++
  }

  get total(): number {
    return this.all
  }

  /** How many such a reconciliation mends. */
  mendableBy({ adopt, delete: remove }: ReconciliationWish): number {
    const { free } = this
    return free.apply + (adopt ? free.adopt : 0) + (remove ? free.delete : 0)
  }

  /** The options that mend more than such a reconciliation did, and how many. */
  hint(wish: ReconciliationWish): string | undefined {
    const { counts } = this
    const options = [
      ...(wish.apply ? [] : [['--apply', counts.apply] as const]),
      ...(wish.adopt ? [] : [['--apply --adopt', counts.adopt] as const]),
      ...(wish.delete ? [] : [['--apply --delete', counts.delete] as const]),
    ]
    const useful = options.filter(([, count]) => count > 0).map(([option, count]) => `${option} (${count})`)
    return useful.length === 0 ? undefined : `What may mend them: ${useful.join(', ')}.`
  }
}
