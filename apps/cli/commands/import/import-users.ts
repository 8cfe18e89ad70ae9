import { realpath } from 'node:fs/promises'
import { CannotRun } from '../../cannot-run.ts'
import { readEnvironment } from '../../environment.ts'
import type { ExitCode } from '../../exit-code.ts'
import type { FileFormat } from '../../output/file-format.ts'
import { printable } from '../../output/printable.ts'
import { progressOn } from '../../output/progress-on.ts'
import { findService } from '../../service/find-service.ts'
import type { ServiceOptions } from '../../service/service-options.ts'
import { ImportRun } from './import-run.ts'
import type { ImportWish } from './import-wish.ts'
import { RefusedFile } from './refused-file.ts'
import { Source } from './source.ts'

export interface ImportOptions extends ServiceOptions {
  readonly dryRun?: boolean
  readonly onExisting: ImportWish['onExisting']
  readonly createDomains?: boolean
  readonly column?: ReadonlyMap<string, string>
  readonly format?: FileFormat
  readonly from?: string
  readonly domain?: string
  readonly dialect: string
  readonly refused?: string
  readonly detach?: boolean
  readonly follow?: string
  readonly resume?: string
  readonly patience: number
}

/** Has the service import the users of a file, and says what became of them. */
export async function importUsers(file: string | undefined, options: ImportOptions): Promise<ExitCode> {
  const access = await findService(options, readEnvironment())
  const source = await sourceOf(file, options)
  const progress = progressOn(process.stderr)
  try {
    const refusedPath = options.refused ?? source?.refusedPath ?? ''
    if (source?.path !== undefined) await refuseSame(source.path, refusedPath)
    if (willWrite(options)) await new RefusedFile(refusedPath).requireReplaceable()
    return await new ImportRun({
      ...{ access, progress, source, refusedPath, wish: wishOf(options), earlier: earlierOf(options) },
      isDetached: options.detach ?? false,
      // a standard input that was read to its end gives no answers
      canAsk: process.stdin.isTTY && process.stderr.isTTY && (source === undefined || source.path !== undefined),
      patience: options.patience,
    }).run()
  } finally {
    progress.stop()
    await source?.close()
  }
}

async function sourceOf(file: string | undefined, { from, format }: ImportOptions): Promise<Source | undefined> {
  if (from !== undefined) return Source.open(from, { format: 'ndjson', holds: 'documents' })
  return file === undefined ? undefined : Source.open(file, { format, holds: 'rows' })
}

function wishOf(options: ImportOptions): ImportWish {
  const { dryRun = false, onExisting, createDomains = false, column = new Map<string, string>() } = options
  const { from, dialect, domain } = options
  const documents = from === undefined || domain === undefined ? undefined : { dialect, domain }
  return { dryRun, onExisting, createDomains, columnNames: column, from: documents }
}

function earlierOf({
  follow,
  resume,
}: Pick<ImportOptions, 'follow' | 'resume'>): { readonly id: string; readonly isResumed: boolean } | undefined {
  if (resume !== undefined) return { id: resume, isResumed: true }
  return follow === undefined ? undefined : { id: follow, isResumed: false }
}

/** What an earlier one will do is known later. */
function willWrite({ dryRun = false, detach = false, ...options }: ImportOptions): boolean {
  return !dryRun && !detach && earlierOf(options) === undefined
}

async function refuseSame(path: string, refusedPath: string): Promise<void> {
  const [source, target] = await Promise.all([realpath(path), realpath(refusedPath).catch(() => undefined)])
  if (source !== target) return
  throw new CannotRun(
    `The refused rows can't be written into ${printable(path)} itself: say another file with --refused.`,
  )
}
