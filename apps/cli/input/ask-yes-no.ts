import { createInterface } from 'node:readline'

/** Asks on the terminal: only a yes is one. Nothing when it was left with Ctrl-C. */
export async function askYesNo(question: string): Promise<boolean | undefined> {
  const lines = createInterface({ input: process.stdin, output: process.stderr, terminal: true })
  const { promise: answer, resolve } = Promise.withResolvers<boolean | undefined>()
  lines.once('SIGINT', () => resolve(undefined)).once('close', () => resolve(false))
  lines.question(`${question} [y/N] `, (text) => resolve(/^y(es)?$/i.test(text.trim())))
  try {
    const answered = await answer
    // who left it in the middle of the line is still there
    if (answered !== true) process.stderr.write('\n')
    return answered
  } finally {
    lines.close()
  }
}
