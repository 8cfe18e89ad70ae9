import { randomUUID } from 'node:crypto'
import { type FileHandle, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CannotRun } from '../cannot-run.ts'
import { fileProblem } from './file-problem.ts'

/** Puts what comes once into a file that can be read again. It has no name, so nothing is left of it when the command ends. */
export async function spool(chunks: AsyncIterable<Uint8Array>, onRead: (bytes: number) => void): Promise<FileHandle> {
  const file = await nameless()
  let read = 0
  for await (const chunk of chunks) {
    await file.appendFile(chunk).catch((error: unknown) => {
      throw new CannotRun(`What is read can't be kept in ${tmpdir()}: ${fileProblem(error)}.`, { cause: error })
    })
    read += chunk.length
    onRead(read)
  }
  return file
}

async function nameless(): Promise<FileHandle> {
  const path = join(tmpdir(), `kitter-${randomUUID()}`)
  const file = await open(path, 'wx+', 0o600)
  await rm(path)
  return file
}
