import { counted } from '../../output/counted.ts'
import type { ImportTotals } from './import-totals.ts'

/** Shows how far an import is. */
export interface Progress {
  start(): void
  /** `bytes` of the file are done. */
  update(totals: ImportTotals, bytes: number): void
  /** Something that isn't wrong, but explains why it takes time. */
  say(sentence: string): void
  stop(): void
}

export function progressText({ read, created, alreadyThere, refused }: ImportTotals): string {
  return `${counted(read, 'row')}: ${created} created, ${alreadyThere} already there, ${refused} refused`
}
