import { printable } from '../../output/printable.ts'
import { type Difference, subjectOf, whatDiffers } from './difference.ts'

const widest = 40

/** Differences as rows below a heading. The first of them say how wide it is: the others aren't known yet. */
export class DifferenceTable {
  private width: number | undefined

  /** The next rows, with a line for each thing that differs. */
  text(differences: readonly Difference[]): string {
    const heading = this.width === undefined ? [['WHO', 'REMEDY', 'OUTCOME', 'WHAT'] as const] : []
    this.width ??= Math.min(widest, Math.max(...differences.map((difference) => subjectOf(difference).length)))
    return [...heading, ...differences.flatMap(cellsOf)].map((cells) => this.line(...cells)).join('\n')
  }

  private line(who: string, remedy: string, outcome: string, what: string): string {
    return `${who.padEnd(this.width ?? 0)}  ${remedy.padEnd(7)}  ${outcome.padEnd(9)}  ${what}`
  }
}

type Cells = readonly [who: string, remedy: string, outcome: string, what: string]

function cellsOf(difference: Difference): readonly Cells[] {
  const { remedy, outcome } = difference
  const [first = '', ...others] = whatDiffers(difference)
  const below = others.map((what): Cells => ['', '', '', what])
  return [[subjectOf(difference), printable(remedy), printable(outcome), first], ...below]
}
