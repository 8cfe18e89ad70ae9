import { documentLines, NotDocuments, NotGzip, unpack } from '#infrastructure/row-files/reading'
import { CannotRun } from '../../cannot-run.ts'
import { spool } from '../../input/spool.ts'
import { printable } from '../../output/printable.ts'
import { ImportFile } from './import-file.ts'

/** The documents of a file, each on a line of its own as the service takes them: in a file without a name. */
export async function onLines(
  file: ImportFile,
  onRead: (bytes: number) => void,
  signal: AbortSignal,
): Promise<ImportFile> {
  const { name, holds } = file
  try {
    const lines = await spool(documentLines(contentOf(file, signal)), onRead)
    return await ImportFile.of(lines, { name, format: 'ndjson', isPacked: false, holds })
  } catch (error) {
    if (error instanceof NotGzip) throw new CannotRun(`${name} is not packed with gzip, or is cut.`)
    if (!(error instanceof NotDocuments)) throw error
    throw new CannotRun(`${name} ${printable(error.message)}. Nothing was imported.`)
  } finally {
    await file.close()
  }
}

async function* contentOf(file: ImportFile, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  for await (const chunk of file.isPacked ? unpack(file.chunks()) : file.chunks()) {
    signal.throwIfAborted()
    yield chunk
  }
}
