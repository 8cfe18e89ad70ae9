import { setTimeout as pause } from 'node:timers/promises'
import type { Logger } from 'pino'
import { DomainError } from '#kernel'
import type { PlatformSetup } from '#core/domains'

const betweenTriesMs = 2000

/**
 * The platform's own domains lie at wac-core. While that is away kitter serves what it can, and tries again until they are
 * there. What it gives back ends the trying.
 */
export async function ensurePlatform(setup: PlatformSetup, logger: Logger): Promise<() => Promise<void>> {
  const ending = new AbortController()
  const isDone = await attempt(setup, logger)
  const trying = isDone ? Promise.resolve() : keepTrying(setup, logger, ending.signal)
  return async () => {
    ending.abort()
    await trying
  }
}

async function keepTrying(setup: PlatformSetup, logger: Logger, ended: AbortSignal): Promise<void> {
  do await pause(betweenTriesMs, undefined, { signal: ended }).catch(() => undefined)
  while (!ended.aborted && !(await attempt(setup, logger)))
}

async function attempt(setup: PlatformSetup, logger: Logger): Promise<boolean> {
  try {
    await setup.ensureDomains()
    return true
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    logger.warn({ err: error }, "the root domain isn't there yet: kitter tries again")
    return false
  }
}
