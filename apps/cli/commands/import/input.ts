import { open, stat } from 'node:fs/promises'
import { basename, parse } from 'node:path'
import type { Readable } from 'node:stream'
import { CannotRun } from '../../cannot-run.ts'
import { printable } from '../../output/printable.ts'

/** What is imported, be it a file, a pipe or the standard input. */
export interface Input {
  /** For messages. */
  readonly name: string
  /** In bytes, where that is known. */
  readonly size: number | undefined
  readonly chunks: AsyncIterable<Uint8Array>
  /** Where its refused rows go: in the current folder. */
  readonly refusedPath: string
  /** Ends the reading, also one that waits for more. */
  close(): void
}

const standardInput = '-'

export async function openInput(file: string): Promise<Input> {
  if (file === standardInput) return inputOf('standard input', process.stdin, 'stdin')
  const name = printable(file)
  try {
    const stats = await stat(file)
    const stream = (await open(file)).createReadStream()
    return inputOf(name, stream, parse(basename(file)).name, stats.isFile() ? stats.size : undefined)
  } catch (error) {
    throw unreadable(name, error)
  }
}

function inputOf(name: string, stream: Readable, baseName: string, size?: number): Input {
  return {
    name,
    size,
    chunks: chunksOf(name, stream),
    refusedPath: `${baseName}.refused.csv`,
    close: () => stream.destroy(),
  }
}

async function* chunksOf(name: string, stream: Readable): AsyncGenerator<Uint8Array> {
  try {
    yield* stream
  } catch (error) {
    throw unreadable(name, error)
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'its permissions forbid it',
}

function unreadable(name: string, error: unknown): CannotRun {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
  return new CannotRun(`${name} can't be read: ${reasons[code] ?? printable(code)}.`, { cause: error })
}
