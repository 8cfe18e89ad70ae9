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

/** A pool of connections with its written migrations; nothing is ever synchronised. */
export function dataSource({ url, schema, migrations }: DataSourceSettings): DataSource {
  return new DataSource({
    type: 'postgres',
    url,
    schema,
    migrations,
    migrationsTableName: 'migrations',
    synchronize: false,
    logging: false,
    poolSize: 10,
    connectTimeoutMS: connectTimeoutMs,
    applicationName: `kitter (${schema})`,
    extra: { statement_timeout: statementTimeoutMs, query_timeout: statementTimeoutMs + 1000, keepAlive: true },
    // pg emits what happens to idle connections; without a listener it would end the process
    poolErrorHandler: () => undefined,
  })
}
