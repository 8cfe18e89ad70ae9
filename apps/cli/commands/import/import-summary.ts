import { counted } from '../../output/counted.ts'
import type { Import } from './import-shape.ts'

export interface ImportSummary {
  readonly import: Import
  /** What was imported, as far as that is known here. */
  readonly name: string
  readonly url: string
  /** Where the refused rows are. */
  readonly refusedFile: string | undefined
}

/** What came of an import, for whoever ran it. */
export function importSummary({ import: one, name, url, refusedFile }: ImportSummary): string {
  const { rows, dry_run: isDry, domains_created: domains } = one
  const width = String(Math.max(rows.read, domains)).length
  const line = (count: number, text: string): string => `  ${String(count).padStart(width)} ${text}`
  const would = isDry ? 'would be ' : ''
  const place = rows.refused > 0 && refusedFile !== undefined ? `, see ${refusedFile}` : ''
  return [
    `${headOf(one)}${counted(rows.read, 'row')} read from ${name}, for ${url}:`,
    line(rows.created, `${would}created`),
    line(rows.updated, `${would}updated`),
    line(rows.skipped, 'already there'),
    line(rows.refused, `${would}refused${place}`),
    ...(rows.unsettled > 0 ? [line(rows.unsettled, 'without an answer: they may have been done or not')] : []),
    ...(isDry ? [] : [line(domains, domains === 1 ? 'domain created' : 'domains created')]),
  ].join('\n')
}

function headOf({ state, dry_run: isDry }: Import): string {
  if (state === 'cancelled') return 'The import was cancelled; rows that were under way then may follow. '
  if (state !== 'done') return 'Until now: '
  return isDry ? 'Nothing was changed, for this is a dry run. ' : ''
}
