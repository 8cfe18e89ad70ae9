import { DataSource, type DataSourceOptions } from 'typeorm'

export interface DataSourceSettings {
  readonly url: string
  /** Where its tables and the list of its migrations lie. */
  readonly schema: string
  readonly migrations: NonNullable<DataSourceOptions['migrations']>
}

/** No question to the database takes longer, and none waits longer for a connection. */
const statementTimeoutMs = 10_000
const connectTimeoutMs = 5000
/** A replica that freezes amid a transaction lets its locks go after so long, and keeps nobody waiting until then. */
const longestPauseMs = 15_000
const lockTimeoutMs = 5000

/** The pool of connections that kitter asks its questions over. */
export function dataSource(settings: DataSourceSettings): DataSource {
  const timeouts = {
    ...{ statement_timeout: statementTimeoutMs, query_timeout: statementTimeoutMs + 1000 },
    ...{ lock_timeout: lockTimeoutMs, idle_in_transaction_session_timeout: longestPauseMs },
  }
  return new DataSource({
    ...optionsOf(settings),
    poolSize: 10,
    extra: { ...timeouts, keepAlive: true },
  })
}

/** Connections for the written migrations, which may take as long as they need. */
export function migrationSource(settings: DataSourceSettings): DataSource {
  return new DataSource({ ...optionsOf(settings), poolSize: 2 })
}

function optionsOf({
  url,
  schema,
  migrations,
}: DataSourceSettings): Extract<DataSourceOptions, { readonly type: 'postgres' }> {
  return {
    type: 'postgres',
    url,
    schema,
    migrations,
    migrationsTableName: 'migrations',
    synchronize: false,
    // what goes wrong is thrown, and logged as JSON by whoever catches it
    logging: false,
    connectTimeoutMS: connectTimeoutMs,
    applicationName: `kitter (${schema})`,
    // pg emits what happens to idle connections; without a listener it would end the process
    poolErrorHandler: () => undefined,
  }
}
