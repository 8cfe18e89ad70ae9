import { createInterface } from 'node:readline'

/**
 * Asks on the terminal; the answer may be as little as the first letter of a choice, and none at all is the last. Nothing when it
 * was left with Ctrl-C or Ctrl-D.
 */
export async function askChoice<Choice extends string>(
  question: string,
  choices: readonly Choice[],
): Promise<Choice | undefined> {
  const lines = createInterface({ input: process.stdin, output: process.stderr, terminal: true })
  const { promise: answer, resolve } = Promise.withResolvers<Choice | undefined>()
  const leave = (): void => resolve(undefined)
  lines.once('SIGINT', leave).once('close', leave)
  const ask = (): void => lines.question(question, (text) => take(text.trim().toLowerCase()))
  const take = (text: string): void => {
    const chosen = text === '' ? choices.at(-1) : choices.find((choice) => choice.startsWith(text))
    if (chosen === undefined) ask()
    else resolve(chosen)
  }
  ask()
  try {
    const chosen = await answer
    // who left it in the middle of the line is still there
    if (chosen === undefined) process.stderr.write('\n')
    return chosen
  } finally {
    lines.close()
  }
}
