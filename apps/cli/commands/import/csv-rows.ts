import { readRecords, splitLines } from '#infrastructure/row-files/reading'
import { CannotRun } from '../../cannot-run.ts'
import { csvLine } from '../../output/csv-line.ts'
import type { PrivateFile } from '../../output/private-file.ts'
import { CsvHeader } from './csv-header.ts'
import type { FileRow } from './file-row.ts'
import { toldUsername } from './told-username.ts'

interface CsvReading {
  /** Of the file, for messages. */
  readonly name: string
  /** What the file calls columns that kitter knows by other names. */
  readonly columnNames: ReadonlyMap<string, string>
  readonly target: PrivateFile
}

/** The rows of a CSV file below its first line, which is written first. */
export async function* csvRows(
  content: AsyncIterable<Uint8Array>,
  { name, columnNames, target }: CsvReading,
): AsyncGenerator<FileRow> {
  const lines = splitLines(content)
  const first = await readRecords(lines).next()
  if (first.done === true) return
  const header = new CsvHeader(first.value.cells, columnNames)
  if (!header.hasUsername)
    throw new CannotRun(
      `${name} has no column "username": say with --column, as in the import, what it's called there.`,
    )
  await target.write(csvLine(header.ofRefused))
  for await (const { line, cells } of readRecords(lines, header.mayBreak)) {
    yield {
      line,
      isOf: (username) => username === toldUsername(header.usernameIn(cells)),
      lineFor: (reason) => csvLine(header.refused(cells, onOneLine(reason), String(line))),
    }
  }
}

/** Only cells of attributes may have line breaks. */
function onOneLine(reason: string): string {
  return reason.replace(/[\r\n]+/g, ' ')
}
