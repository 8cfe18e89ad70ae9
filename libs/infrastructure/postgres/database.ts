import { type DataSource, QueryFailedError, type QueryRunner } from 'typeorm'
import { databaseUnavailable } from '#kernel'
import { isConnectionFailure } from './connection-failure.ts'
import { StatementError } from './statement-error.ts'

export interface Queries {
  /** The rows that a statement gives back; of an INSERT, UPDATE or DELETE those that it returns. */
  rows<Row>(sql: string, ...parameters: readonly unknown[]): Promise<Row[]>
}

export interface PoolFigures {
  readonly total: number
  readonly idle: number
  readonly waiting: number
}

/**
 * A schema in Postgres and the pool of connections to it. A database that can't be reached is `service.unavailable`,
 * whatever asked for it; a statement that it refuses is a `StatementError`.
 */
export class Database implements Queries {
  private readonly source: DataSource

  constructor(source: DataSource) {
    this.source = source
  }

  rows<Row>(sql: string, ...parameters: readonly unknown[]): Promise<Row[]> {
    return this.connected((runner) => rowsOf<Row>(runner, sql, parameters))
  }

  transaction<Result>(work: (queries: Queries) => Promise<Result>): Promise<Result> {
    return this.connected((runner) =>
      runner.manager.transaction(() => work({ rows: (sql, ...parameters) => told(rowsOf(runner, sql, parameters)) })),
    )
  }

  /** Rejects when the database doesn't answer. */
  async ping(): Promise<void> {
    await this.rows('SELECT 1')
  }

  pool(): PoolFigures {
    const pool: unknown = Reflect.get(this.source.driver, 'master')
    const figure = (name: string): number =>
      Number(typeof pool === 'object' && pool !== null ? Reflect.get(pool, name) : 0)
    return { total: figure('totalCount'), idle: figure('idleCount'), waiting: figure('waitingCount') }
  }

  async close(): Promise<void> {
    if (this.source.isInitialized) await this.source.destroy()
  }

  private async connected<Result>(work: (runner: QueryRunner) => Promise<Result>): Promise<Result> {
    const runner = this.source.createQueryRunner()
    try {
      return await told(work(runner))
    } finally {
      await runner.release()
    }
  }
}

async function rowsOf<Row>(runner: QueryRunner, sql: string, parameters: readonly unknown[]): Promise<Row[]> {
  const { records }: { readonly records: Row[] } = await runner.query(sql, [...parameters], true)
  return records
}

async function told<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work
  } catch (error) {
    const cause = error instanceof QueryFailedError ? new StatementError(error) : error
    throw isConnectionFailure(error) ? databaseUnavailable(cause) : cause
  }
}
