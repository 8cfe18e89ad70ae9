import { CannotRun } from '../../cannot-run.ts'
import { ExitCode } from '../../exit-code.ts'
import { counted } from '../../output/counted.ts'
import { printable } from '../../output/printable.ts'
import { PrivateFile } from '../../output/private-file.ts'
import type { ServiceAccess } from '../../service/service-access.ts'
import { followCommand } from './follow-command.ts'
import type { ImportFile } from './import-file.ts'
import type { Import, RefusedRow } from './import-shape.ts'
import { importSummary } from './import-summary.ts'
import type { Imports } from './imports.ts'
import { writeRefusedRows } from './refused-rows-file.ts'
import { refusedTable } from './refused-table.ts'

export interface ImportReport {
  readonly access: ServiceAccess
  readonly imports: Imports
  /** What was sent, if it's there to take the refused rows from, and where to write them. */
  readonly sent:
    { readonly file: ImportFile; readonly path: string | undefined; readonly refusedPath: string } | undefined
  readonly columnNames: ReadonlyMap<string, string>
  /** Whether it was this command that ended it. */
  readonly isOwnEnd: boolean
}

const mostShown = 20

/** Tells what came of an import, and writes the refused rows down. */
export async function reportImport(one: Import, report: ImportReport): Promise<ExitCode> {
  const { access, sent } = report
  const shown: RefusedRow[] = []
  const problem = await problemOf(() => takeRefusedRows(one, shown, report))
  const refusedFile = sent === undefined || problem !== undefined ? undefined : printable(sent.refusedPath)
  const name = sent?.file.name ?? `the import ${one.id}`
  console.log(importSummary({ import: one, name, url: access.url, refusedFile }))
  for (const line of refusedLines(one, shown, refusedFile)) console.log(line)
  if (problem !== undefined) throw problem
  if (one.state === 'done') return one.rows.refused > 0 ? ExitCode.someRefused : ExitCode.done
  if (!report.isOwnEnd) console.error(`kitter: ${endOf(one, report)}`)
  return ExitCode.cannotRun
}

/** What keeps it from being done is told after all that is known nevertheless. */
async function problemOf(work: () => Promise<void>): Promise<CannotRun | undefined> {
  try {
    await work()
    return undefined
  } catch (error) {
    if (error instanceof CannotRun) return error
    throw error
  }
}

/** Writes them where that is possible, and notes the first of them. */
async function takeRefusedRows(one: Import, shown: RefusedRow[], report: ImportReport): Promise<void> {
  const { imports, sent, columnNames } = report
  if (one.rows.refused === 0) {
    // none of an earlier import is left lying about
    if (sent !== undefined) await PrivateFile.remove(sent.refusedPath)
    return
  }
  const rows = noting(imports.refusedRows(one.id), shown)
  if (sent === undefined) {
    while (shown.length < mostShown && (await rows.next()).done !== true);
    return
  }
  const target = await PrivateFile.create(sent.refusedPath)
  try {
    await writeRefusedRows({ rows, file: sent.file, size: one.bytes.total, columnNames, target })
    await target.keep()
  } finally {
    await target.discard()
  }
}

async function* noting(rows: AsyncIterable<RefusedRow>, noted: RefusedRow[]): AsyncGenerator<RefusedRow> {
  for await (const row of rows) {
    if (noted.length < mostShown) noted.push(row)
    yield row
  }
}

function refusedLines(
  { rows, create_domains: createsDomains }: Import,
  shown: readonly RefusedRow[],
  refusedFile: string | undefined,
): readonly string[] {
  if (shown.length === 0) return []
  const more = rows.refused - shown.length
  const hint = refusedFile === undefined ? ': say the FILE as well to have them written down.' : '.'
  const lacksDomains = shown.some(({ sentence }) => sentence?.includes('unknown domain') === true)
  return [
    '',
    refusedTable(shown),
    ...(more > 0 ? [`And ${counted(more, 'more row')}${hint}`] : []),
    ...(lacksDomains && !createsDomains ? ['With --create-domains, unknown domains are created.'] : []),
  ]
}

/** Why it hasn't come to its end. */
function endOf({ id, state, last_error: reason }: Import, { access, sent }: ImportReport): string {
  if (state === 'cancelled') return 'The import was cancelled by somebody else.'
  const because = reason === undefined ? '' : `: ${printable(reason).replace(/\.$/, '')}`
  const command = followCommand('--resume', { id, access, path: sent?.path })
  return `The import is paused${because}. When that is mended, this has it go on:\n  ${command}`
}
