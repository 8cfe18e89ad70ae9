import { createLogger } from '#infrastructure/http'
import { SandboxIdentityProvider } from '#infrastructure/sandbox'
import type { Configuration } from './configuration.ts'
import { createApp } from './create-app.ts'
import { listen } from './listen.ts'
import { openPostgres } from './open-postgres.ts'
import { ServiceFiles } from './service-files.ts'

export interface RunningKitter {
  /** Where it serves, the prefix included. */
  readonly url: string
  /** Settles when kitter can't go on, because its embedded Postgres has ended by itself. */
  readonly broken: Promise<void>
  /** Lets running requests end, then puts everything away. */
  stop(signal?: NodeJS.Signals): Promise<void>
}

/** Puts kitter together as the configuration says, and serves. A `StartError` says why it can't. */
export async function startKitter(configuration: Configuration): Promise<RunningKitter> {
  const logger = createLogger({ level: configuration.LOG_LEVEL, readable: process.stdout.isTTY })
  await using starting = new AsyncDisposableStack()
  const postgres = await openPostgres(configuration, logger, starting)
  const app = await createApp(configuration, postgres, logger)
  starting.defer(() => app.close())
  const url = await listen(app, configuration)
  const files = new ServiceFiles(configuration.KITTER_DATA_DIR)
  await files.announce({ url, pid: process.pid }, await app.get(SandboxIdentityProvider).adminToken())
  logger.info(
    { url },
    `kitter serves ${url}, its docs are at ${url}/docs, an admin token lies in ${files.adminTokenPath}`,
  )
  const started = starting.move()
  const closing: { close(signal?: string): Promise<void> } = app
  return {
    url,
    broken: postgres.exited.then((sentence) => {
      logger.fatal(sentence)
    }),
    stop: async (signal) => {
      logger.info({ signal }, 'kitter is stopping')
      await files.withdraw(process.pid)
      await closing.close(signal)
      await started.disposeAsync()
      logger.info('kitter has stopped')
    },
  }
}
