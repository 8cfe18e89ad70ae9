import { setTimeout as pause } from 'node:timers/promises'

const betweenAsking = 10

/** Asks until the answer is yes, for `within` milliseconds at most. Tells whether it was. */
export async function waitUntil(condition: () => boolean | Promise<boolean>, within: number): Promise<boolean> {
  const deadline = performance.now() + within
  while (!(await condition())) {
    if (performance.now() > deadline) return false
    await pause(betweenAsking)
  }
  return true
}
