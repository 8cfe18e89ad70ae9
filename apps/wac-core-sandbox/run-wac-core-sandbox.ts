import 'reflect-metadata'
import type { Logger } from 'pino'
import { startEmbeddedPostgres } from '#infrastructure/embedded-postgres'
import { createLogger } from '#infrastructure/http'
import { type Configuration, configurationFrom } from './configuration.ts'
import { startWacCoreSandbox } from './start-wac-core-sandbox.ts'

interface UsedDatabase {
  readonly databaseUrl: string
  /** Settles when it ends by itself, with a sentence. */
  readonly broken: Promise<string>
}

/** Runs the sandbox until it's told to end, or its Postgres does by itself; tells the exit code. */
export async function runWacCoreSandbox(environment: Readonly<Record<string, string | undefined>>): Promise<number> {
  const configuration = configurationFrom(environment)
  const { PORT: port, HOST: host, WAC_CORE_TOKEN: token, LOG_LEVEL: level } = configuration
  const logger = createLogger({ level, readable: process.stdout.isTTY })
  const toldToEnd = signalled()
  await using running = new AsyncDisposableStack()
  const { databaseUrl, broken } = await openDatabase(configuration, logger, running)
  const sandbox = await startWacCoreSandbox({ databaseUrl, token, host, port, logger })
  running.defer(() => sandbox.stop())
  logger.info({ url: sandbox.url }, `The wac-core sandbox serves ${sandbox.url}`)
  const sentence = await Promise.race([toldToEnd, broken])
  if (sentence === undefined) logger.info('The wac-core sandbox is stopping')
  else logger.fatal(sentence)
  return sentence === undefined ? 0 : 1
}

async function openDatabase(
  { DATABASE_URL, KITTER_DATA_DIR: dataDir }: Configuration,
  logger: Logger,
  running: AsyncDisposableStack,
): Promise<UsedDatabase> {
  if (DATABASE_URL !== undefined) return { databaseUrl: DATABASE_URL, broken: new Promise(() => undefined) }
  const postgres = await startEmbeddedPostgres({ dataDir, log: (line) => logger.info(line) })
  running.defer(() => postgres.stop())
  return { databaseUrl: postgres.url, broken: postgres.exited }
}

/** Further signals change nothing: npm passes on a Ctrl-C that has come from the terminal already. */
function signalled(): Promise<undefined> {
  const { promise, resolve } = Promise.withResolvers<undefined>()
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => resolve(undefined))
  return promise
}
