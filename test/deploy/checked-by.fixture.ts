import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'

export interface Verdict {
  readonly isFine: boolean
  /** What the checker said, line by line. */
  readonly said: string
}

/** Runs a program that checks files, or what it is given to read. */
export async function checkedBy(program: string, words: readonly string[], input = ''): Promise<Verdict> {
  const child = spawn(program, words, { cwd: '/' })
  child.stdin.on('error', () => undefined).end(input)
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { isFine: child.exitCode === 0, said: stdout + stderr }
}
