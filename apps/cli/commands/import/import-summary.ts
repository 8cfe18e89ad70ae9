import { counted } from '../../output/counted.ts'
import type { ImportTotals } from './import-totals.ts'

export interface ImportSummary {
  readonly file: string
  readonly url: string
  readonly totals: ImportTotals
  readonly domainsCreated: number
  /** Where the refused rows are. */
  readonly refusedFile: string
  readonly createDomains: boolean
}

const shownReasons = 5

/** What an import did, for whoever ran it. */
export function importSummary({
  file,
  url,
  totals,
  domainsCreated,
  refusedFile,
  createDomains,
}: ImportSummary): string {
  const { read, created, alreadyThere, refused, unanswered } = totals
  const width = String(Math.max(read, domainsCreated, unanswered)).length
  const line = (count: number, text: string): string => `  ${String(count).padStart(width)} ${text}`
  return [
    `${counted(read, 'row')} read from ${file}, for ${url}:`,
    line(created, 'created'),
    line(alreadyThere, 'already there'),
    line(refused, refused > 0 ? `refused, see ${refusedFile}` : 'refused'),
    ...reasonLines(totals, width + 3),
    line(domainsCreated, domainsCreated === 1 ? 'domain created' : 'domains created'),
    ...(unanswered > 0
      ? [line(unanswered, 'more under way without an answer: they may have been created or not')]
      : []),
    ...(createDomains || !isUnknownDomain(totals) ? [] : ['With --create-domains, unknown domains are created.']),
  ].join('\n')
}

function reasonLines(totals: ImportTotals, indent: number): string[] {
  const reasons = totals.reasons()
  const shown = reasons.slice(0, shownReasons)
  const others = totals.refused - shown.reduce((sum, [, rows]) => sum + rows, 0)
  const lines = shown.map(([reason, rows]) => `${rows} × ${reason}`)
  return [...lines, ...(others > 0 ? [`${others} for other reasons`] : [])].map(
    (text) => `${' '.repeat(indent)}${text}`,
  )
}

/** The service says it in words only. */
function isUnknownDomain(totals: ImportTotals): boolean {
  return totals.reasons().some(([reason]) => reason.includes('unknown domain'))
}
