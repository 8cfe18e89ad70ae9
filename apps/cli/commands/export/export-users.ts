import { lstat } from 'node:fs/promises'
import { CannotRun } from '../../cannot-run.ts'
import { readEnvironment } from '../../environment.ts'
import type { ExitCode } from '../../exit-code.ts'
import { type FileFormat, formatOf, isNamedAsPacked } from '../../output/file-format.ts'
import { printable } from '../../output/printable.ts'
import { PrivateFile } from '../../output/private-file.ts'
import type { Progress } from '../../output/progress.ts'
import { progressOn } from '../../output/progress-on.ts'
import { QuietProgress } from '../../output/quiet-progress.ts'
import type { Pair } from '../../pair.ts'
import { findService } from '../../service/find-service.ts'
import type { ServiceOptions } from '../../service/service-options.ts'
import { ExportRun } from './export-run.ts'
import type { ExportTarget } from './export-target.ts'
import { PackedTarget } from './packed-target.ts'
import { StandardOutput } from './standard-output.ts'
import { userLines } from './user-lines.ts'
import type { UserWish } from './user-pages.ts'

export type Terms = readonly Pair[]

export interface ExportOptions extends ServiceOptions {
  readonly format?: FileFormat
  readonly domain?: string
  readonly search?: string
  readonly startsWith?: Terms
  readonly contains?: Terms
  readonly equals?: Terms
  readonly force?: boolean
  readonly patience: number
}

/** Writes users to a file, or to the standard output, so that they can be imported. */
export async function exportUsers(file: string | undefined, options: ExportOptions): Promise<ExitCode> {
  const access = await findService(options, readEnvironment())
  const { format = formatOf(file ?? ''), force = false, patience } = options
  if (file !== undefined && !force) await refuseExisting(file)
  return new ExportRun({
    ...{ access, patience, wish: wishOf(options), lines: userLines[format] },
    progress: progressOf(file),
    open: () => targetOf(file),
    name: file && printable(file),
  }).run()
}

function wishOf({ domain, search, startsWith = [], contains = [], equals = [] }: ExportOptions): UserWish {
  const termsOf = (kind: string, terms: Terms): UserWish => terms.map(([field, value]) => [`${kind}[${field}]`, value])
  return [
    ...(domain === undefined ? [] : [['domain', domain] as const]),
    ...(search === undefined ? [] : [['q', search] as const]),
    ...termsOf('starts_with', startsWith),
    ...termsOf('contains', contains),
    ...termsOf('equals', equals),
  ]
}

async function targetOf(path: string | undefined): Promise<ExportTarget> {
  if (path === undefined) return new StandardOutput()
  const file = await PrivateFile.create(path)
  return isNamedAsPacked(path) ? new PackedTarget(file) : file
}

async function refuseExisting(path: string): Promise<void> {
  const stats = await lstat(path).catch(() => undefined)
  if (stats?.isFile() === true) throw new CannotRun(`${printable(path)} is there already: --force replaces it.`)
}

/** Users that are shown on a terminal would come between. */
function progressOf(file: string | undefined): Progress {
  const { stderr, stdout } = process
  return stderr.isTTY && (file !== undefined || !stdout.isTTY) ? progressOn(stderr) : new QuietProgress(stderr)
}
