import { unlessAborted } from '../../unless-aborted.ts'
import type { ImportFile } from './import-file.ts'
import type { Import, RefusedRow } from './import-shape.ts'
import type { Imports } from './imports.ts'
import type { RefusedFile } from './refused-file.ts'
import { writeRefusedRows } from './refused-rows-file.ts'

/** What was sent, and where its refused rows are written. */
interface Sent {
  readonly file: ImportFile
  readonly refused: RefusedFile
}

export interface RefusedTaking {
  readonly imports: Imports
  /** Nothing where the file isn't there to take them from. */
  readonly sent: Sent | undefined
  readonly columnNames: ReadonlyMap<string, string>
  /** Ends it at once, and then nothing is written. */
  readonly signal: AbortSignal
  /** Is given the first of them, to be shown. */
  readonly shown: RefusedRow[]
}

const mostShown = 20

/** Writes refused rows where that is possible, and tells whether they are in the file. */
export async function takeRefusedRows(one: Import, taking: RefusedTaking): Promise<boolean> {
  const { imports, sent, signal, shown } = taking
  if (one.rows.refused === 0) {
    // none of an earlier import is left lying about
    if (sent !== undefined && one.state === 'done' && !one.dry_run) await sent.refused.remove()
    return false
  }
  const rows = noting(imports.refusedRows(one.id), shown)
  // somebody may be at mending what is there
  const isKept = one.dry_run && sent !== undefined && (await sent.refused.isThere())
  try {
    if (sent !== undefined && !isKept) await write(one, rows, { ...taking, sent })
  } finally {
    if (!signal.aborted) await unlessAborted(signal, showSome(rows, shown))
  }
  signal.throwIfAborted()
  return sent !== undefined && !isKept
}

async function write(
  one: Import,
  rows: AsyncIterator<RefusedRow>,
  { sent: { file, refused }, columnNames, signal }: RefusedTaking & { readonly sent: Sent },
): Promise<void> {
  const target = await refused.create()
  try {
    await unlessAborted(signal, writeRefusedRows({ rows, file, size: one.bytes.total, columnNames, target, signal }))
    signal.throwIfAborted()
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

async function showSome(rows: AsyncIterator<RefusedRow>, shown: readonly RefusedRow[]): Promise<void> {
  while (shown.length < mostShown && (await rows.next()).done !== true);
}
