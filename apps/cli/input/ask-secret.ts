import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'

/** Asks on the terminal, and doesn't show what is typed. Nothing when it was left with Ctrl-C or Ctrl-D. */
export async function askSecret(question: string): Promise<string | undefined> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  // on a "terminal", readline switches the real one's echo off, and echoes to its output itself
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal: true })
  process.stderr.write(question)
  const { promise: answer, resolve } = Promise.withResolvers<string | undefined>()
  lines.once('line', resolve).once('close', () => resolve(undefined))
  try {
    return await answer
  } finally {
    lines.close()
    process.stderr.write('\n')
  }
}
