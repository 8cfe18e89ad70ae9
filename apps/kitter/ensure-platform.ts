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
  const problem = await attempt(setup)
  const trying = problem === undefined ? Promise.resolve() : keepTrying(setup, logger, problem, ending.signal)
  return async () => {
    ending.abort()
    await trying
  }
}

/** The log tells of the first try that failed, and of each that fails for another reason. */
async function keepTrying(setup: PlatformSetup, logger: Logger, first: DomainError, ended: AbortSignal): Promise<void> {
  let told: string | undefined
  for (let problem: DomainError | undefined = first; problem !== undefined; problem = await attempt(setup)) {
    if (problem.code !== told) logger.warn({ err: problem }, "the root domain isn't there yet: kitter tries again")
    told = problem.code
    await pause(betweenTriesMs, undefined, { signal: ended }).catch(() => undefined)
    if (ended.aborted) return
  }
  logger.info('the root domain is there')
}

async function attempt(setup: PlatformSetup): Promise<DomainError | undefined> {
  try {
    await setup.ensureDomains()
    return undefined
  } catch (error) {
    if (error instanceof DomainError) return error
    throw error
  }
}
