import type { Difference } from './difference.ts'
import type { ReconciliationWish } from './reconciliation-wish.ts'

/** What more would have to be wished for to mend a difference of each remedy; the others need no more than `apply`. */
const wishes: ReadonlyMap<string, 'adopt' | 'delete'> = new Map([
  ['adopt', 'adopt'],
  ['remove', 'delete'],
])

/** Counts differences that were found and not mended, by what would mend them. */
export class DifferenceTally {
  private readonly counts = { apply: 0, adopt: 0, delete: 0 }
  private all = 0

  count({ remedy, outcome }: Difference): void {
    this.all++
    if (outcome === 'found' || outcome === 'left') this.counts[wishes.get(remedy) ?? 'apply']++
  }

  get total(): number {
    return this.all
  }

  /** How many such a reconciliation mends. */
  mendableBy({ adopt, delete: remove }: ReconciliationWish): number {
    const { counts } = this
    return counts.apply + (adopt ? counts.adopt : 0) + (remove ? counts.delete : 0)
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
