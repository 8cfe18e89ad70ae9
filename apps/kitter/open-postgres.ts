import type { Logger } from 'pino'
import { startEmbeddedPostgres } from '#infrastructure/embedded-postgres'
import { type Database, openDatabase, rememberSettings } from '#infrastructure/postgres'
import type { Configuration } from './configuration.ts'
import { dialectsOf, migrationsOf } from './dialects.ts'

export interface OpenPostgres {
  readonly url: string
  /** kitter's own tables, up to date. */
  readonly database: Database
  /** Settles when the embedded Postgres ends by itself, with a sentence. */
  readonly exited: Promise<string>
}

/** The database of `DATABASE_URL`, or an embedded one. What is opened here is closed with the resources. */
export async function openPostgres(
  { DATABASE_URL, KITTER_DATA_DIR, LOGIN_NAMES, ROOT_DOMAIN, DIALECTS }: Configuration,
  logger: Logger,
  resources: AsyncDisposableStack,
): Promise<OpenPostgres> {
  const { url, exited } =
    DATABASE_URL === undefined
      ? await embedded(KITTER_DATA_DIR, logger, resources)
      : { url: DATABASE_URL, exited: never }
  const migrations = migrationsOf(dialectsOf(DIALECTS))
  const database = await openDatabase({ url, schema: 'kitter', migrations })
  resources.defer(() => database.close())
  await rememberSettings(database, { LOGIN_NAMES, ROOT_DOMAIN })
  return { url, database, exited }
}

const never = new Promise<string>(() => undefined)

async function embedded(
  dataDir: string,
  logger: Logger,
  resources: AsyncDisposableStack,
): Promise<Pick<OpenPostgres, 'url' | 'exited'>> {
  const postgres = await startEmbeddedPostgres({
    dataDir,
    log: (message) => {
      logger.info(message)
    },
  })
  resources.defer(() => postgres.stop())
  return { url: postgres.url, exited: postgres.exited }
}
