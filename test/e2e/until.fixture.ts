import { setTimeout as pause } from 'node:timers/promises'

/** Asks until there is an answer; a failure to answer is none. Throws when it takes too long. */
export async function until<Answer>(
  what: string,
  ask: () => Promise<Answer | false | undefined> | Answer | false | undefined,
  within = 20_000,
  betweenAsking = 10,
): Promise<Answer> {
  const deadline = performance.now() + within
  for (;;) {
    const answer = await ask()
    if (answer !== undefined && answer !== false) return answer
    if (performance.now() > deadline) throw new Error(`Waited ${within} ms in vain until ${what}`)
    await pause(betweenAsking)
  }
}
