import { once } from 'node:events'

type Work = (resources: AsyncDisposableStack, say: (sentence: string) => void) => Promise<void>

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Runs a benchmark to its end, or until somebody ends it; whatever it has started is gone afterwards. */
export async function runUntilTold(work: Work): Promise<never> {
  const begun = performance.now()
  const say = (sentence: string): void => {
    const seconds = ((performance.now() - begun) / 1000).toFixed(0)
    console.log(`${seconds.padStart(5)} s  ${sentence}`)
  }
  const told = new AbortController()
  for (const signal of signals) process.on(signal, () => told.abort())
  const isTold = once(told.signal, 'abort')
  const resources = new AsyncDisposableStack()
  let exitCode = 0
  try {
    const working = work(resources, say)
    // it fails when its servers are ended under it
    working.catch(() => undefined)
    await Promise.race([working, isTold])
  } catch (error) {
    console.error(error)
    exitCode = 1
  }
  if (told.signal.aborted) exitCode = 130
  await resources.disposeAsync()
  process.exit(exitCode)
}
