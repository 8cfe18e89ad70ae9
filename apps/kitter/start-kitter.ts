import type { Logger } from 'pino'
import { DomainError, StartError } from '#kernel'
import { PlatformSetup } from '#core/domains'
import { createLogger } from '#infrastructure/http'
import { SandboxIdentityProvider } from '#infrastructure/sandbox'
import { type HtableSettings, openHtable } from '#infrastructure/sip-proxy'
import { closeApp } from './close-app.ts'
import type { Configuration } from './configuration.ts'
import { createApp } from './create-app.ts'
import { ensurePlatform } from './ensure-platform.ts'
import { listen } from './listen.ts'
import { openPostgres } from './open-postgres.ts'
import type { Timing } from './timing.ts'
import { ServiceFiles } from './service-files.ts'

export interface RunningKitter {
  /** Where it serves, the prefix included. */
  readonly url: string
  /** Settles when kitter can't go on, because its embedded Postgres has ended by itself, with a sentence. */
  readonly broken: Promise<string>
  /** Lets running requests end, then puts everything away. */
  stop(signal?: NodeJS.Signals): Promise<void>
}

/** Puts kitter together as the configuration says, and serves. A `StartError` says why it can't. */
export async function startKitter(
  configuration: Configuration,
  logger: Logger = createLogger({ level: configuration.LOG_LEVEL, readable: false }),
  timing: Timing = {},
): Promise<RunningKitter> {
  try {
    return await start(configuration, logger, timing)
  } catch (error) {
    throw error instanceof DomainError ? new StartError(error.message, { cause: error }) : error
  }
}

async function start(configuration: Configuration, logger: Logger, timing: Timing): Promise<RunningKitter> {
  await using starting = new AsyncDisposableStack()
  const postgres = await openPostgres(configuration, logger, starting)
  const htable = await openHtable(htableSettings(configuration), postgres.database, starting)
  const app = await createApp(configuration, postgres, htable, logger, timing)
  let endedBy: NodeJS.Signals | undefined
  starting.defer(() => closeApp(app, logger, endedBy))
  starting.defer(await ensurePlatform(app.get(PlatformSetup), logger))
  const url = await listen(app, configuration)
  const files = new ServiceFiles(configuration.KITTER_DATA_DIR)
  const adminToken =
    configuration.keycloak === undefined ? await app.get(SandboxIdentityProvider).adminToken() : undefined
  await files.announce({ url, pid: process.pid }, adminToken)
  starting.defer(() => files.withdraw(process.pid))
  const hint = adminToken === undefined ? '' : `, an admin token lies in ${files.adminTokenPath}`
  logger.info({ url }, `kitter serves ${url}, its docs are at ${url}/docs${hint}`)
  const started = starting.move()
  const stop = async (signal?: NodeJS.Signals): Promise<void> => {
    logger.info({ signal }, 'kitter is stopping')
    endedBy = signal
    await started.disposeAsync()
    logger.info('kitter has stopped')
  }
  return { url, broken: postgres.exited, stop }
}

function htableSettings({ HTABLE_DATABASE_URL, HTABLE_TABLE, CALLER_ID_ENABLED }: Configuration): HtableSettings {
  return { url: HTABLE_DATABASE_URL, table: HTABLE_TABLE, needed: CALLER_ID_ENABLED }
}
