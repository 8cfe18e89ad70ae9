import { type DataSource, QueryFailedError, type QueryRunner } from 'typeorm'
import { databaseFull, databaseUnavailable, type DomainError } from '#kernel'
import { isConnectionFailure } from './connection-failure.ts'
import { isLackOfRoom } from './lack-of-room.ts'
import type { Queries } from './queries.ts'
import { StatementError } from './statement-error.ts'
import { TransactionQueries } from './transaction-queries.ts'

export interface PoolFigures {
  readonly total: number
  readonly idle: number
  readonly waiting: number
}

/** What to say of a database that doesn't answer. */
export interface DatabaseFailures {
  /** Before it was asked anything. */
  readonly unreachable: (cause: unknown) => DomainError
  /** After it was asked: what was to change may have changed. */
  readonly lost: (cause: unknown) => DomainError
  /** It has no room for what was to be written: nothing was. */
  readonly full: (cause: unknown) => DomainError
}

const ownFailures: DatabaseFailures = {
  unreachable: databaseUnavailable,
  lost: databaseUnavailable,
  full: databaseFull,
}

/**
 * A schema in Postgres and the pool of connections to it, which is opened at the first question if it isn't yet. A
 * database that can't be reached is `service.unavailable`, whatever asked for it; a statement that it refuses is a
 * `StatementError`, unless it lacks room for it.
 */
export class Database implements Queries {
  private readonly source: DataSource
  private readonly failures: DatabaseFailures
  private opening: Promise<unknown> | undefined
  private closed = false

  constructor(source: DataSource, failures = ownFailures) {
    this.source = source
    this.failures = failures
  }

  rows<Row>(sql: string, ...parameters: readonly unknown[]): Promise<Row[]> {
    return this.connected((runner) => rowsOf<Row>(runner, sql, parameters))
  }

  transaction<Result>(work: (queries: TransactionQueries) => Promise<Result>): Promise<Result> {
    return this.connected((runner) =>
      runner.manager.transaction(async () => {
        const queries = new TransactionQueries((sql, ...parameters) =>
          told(rowsOf(runner, sql, parameters), this.failures),
        )
        const result = await work(queries)
        await queries.insertWaiting()
        return result
      }),
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
    this.closed = true
    await this.opening?.catch(() => undefined)
    if (this.source.isInitialized) await this.source.destroy()
  }

  private async connected<Result>(work: (runner: QueryRunner) => Promise<Result>): Promise<Result> {
    const { unreachable } = this.failures
    await reached(this.open(), unreachable)
    const runner = this.source.createQueryRunner()
    try {
      await reached(runner.connect(), unreachable)
      return await told(work(runner), this.failures)
    } finally {
      await runner.release()
    }
  }

  /** All who come meanwhile wait for one attempt; after one that failed the next question makes another. */
  private async open(): Promise<void> {
    if (this.source.isInitialized && this.opening === undefined) return
    if (this.closed) return
    this.opening ??= this.source.initialize().finally(() => (this.opening = undefined))
    await this.opening
  }
}

async function rowsOf<Row>(runner: QueryRunner, sql: string, parameters: readonly unknown[]): Promise<Row[]> {
  const result: { readonly records?: Row[] } = await runner.query(sql, [...parameters], true)
  return result.records ?? []
}

/** Whatever goes wrong here, nothing has been asked yet. */
async function reached(connecting: Promise<unknown>, failure: DatabaseFailures['unreachable']): Promise<void> {
  try {
    await connecting
  } catch (error) {
    throw failure(error)
  }
}

async function told<Result>(work: Promise<Result>, { lost, full }: DatabaseFailures): Promise<Result> {
  try {
    return await work
  } catch (error) {
    const cause = error instanceof QueryFailedError ? new StatementError(error) : error
    if (isLackOfRoom(error)) throw full(cause)
    throw isConnectionFailure(error) ? lost(cause) : cause
  }
}
