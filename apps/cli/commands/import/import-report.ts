import { CannotRun } from '../../cannot-run.ts'
import { ExitCode } from '../../exit-code.ts'
import { counted } from '../../output/counted.ts'
import { printable } from '../../output/printable.ts'
import type { ServiceAccess } from '../../service/service-access.ts'
import { followCommand } from './follow-command.ts'
import type { ImportFile } from './import-file.ts'
import type { Import, RefusedRow } from './import-shape.ts'
import { importSummary } from './import-summary.ts'
import type { Imports } from './imports.ts'
import type { RefusedFile } from './refused-file.ts'
import { refusedTable } from './refused-table.ts'
import { takeRefusedRows } from './take-refused-rows.ts'

export interface ImportReport {
  readonly access: ServiceAccess
  readonly imports: Imports
  /** What was sent, if it's there to take the refused rows from, and where to write them. */
  readonly sent:
    { readonly file: ImportFile; readonly path: string | undefined; readonly refused: RefusedFile } | undefined
  readonly columnNames: ReadonlyMap<string, string>
  /** Whether it was this command that ended it. */
  readonly isOwnEnd: boolean
  /** Ends it before anything is told, and then nothing is written. */
  readonly signal: AbortSignal
}

/** Tells what came of an import, and writes the refused rows down. */
export async function reportImport(one: Import, report: ImportReport): Promise<ExitCode> {
  const { access, sent } = report
  const shown: RefusedRow[] = []
  const taken = await unlessCannot(() => takeRefusedRows(one, { ...report, shown }))
  const refusedFile = taken === true ? sent?.refused.name : undefined
  const name = sent?.file.name ?? `the import ${one.id}`
  console.log(importSummary({ import: one, name, url: access.url, refusedFile }))
  for (const line of refusedLines(one, shown, sent)) console.log(line)
  if (taken === false && shown.length > 0 && sent !== undefined)
    console.log(`A dry run replaces no file, and ${sent.refused.name} is there already: say another with --refused.`)
  if (taken instanceof CannotRun) throw taken
  if (one.state === 'done') return one.rows.refused > 0 ? ExitCode.someRefused : ExitCode.done
  if (!report.isOwnEnd) console.error(`kitter: ${endOf(one, report)}`)
  return ExitCode.cannotRun
}

/** What keeps it from being done is told after all that is known nevertheless. */
async function unlessCannot<Result>(work: () => Promise<Result>): Promise<Result | CannotRun> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof CannotRun) return error
    throw error
  }
}

function refusedLines(
  { rows, create_domains: createsDomains }: Import,
  shown: readonly RefusedRow[],
  sent: ImportReport['sent'],
): readonly string[] {
  if (shown.length === 0) return []
  const more = rows.refused - shown.length
  const hint = sent === undefined ? ': say the FILE as well to have them written down.' : '.'
  const lacksDomains = shown.some(({ sentence }) => sentence?.includes('unknown domain') === true)
  return [
    '',
    refusedTable(shown),
    ...(more > 0 ? [`And ${counted(more, 'more row')}${hint}`] : []),
    ...(lacksDomains && !createsDomains ? ['With --create-domains, unknown domains are created.'] : []),
  ]
}

/** Why it hasn't come to its end. */
function endOf({ id, state, last_error: reason }: Import, { access, sent, columnNames }: ImportReport): string {
  if (state === 'cancelled') return 'The import was cancelled by somebody else.'
  const because = reason === undefined ? '' : `: ${printable(reason).replace(/\.$/, '')}`
  const command = followCommand('--resume', { id, access, path: sent?.path, holds: sent?.file.holds, columnNames })
  return `The import is paused${because}. When that is mended, this has it go on:\n  ${command}`
}
