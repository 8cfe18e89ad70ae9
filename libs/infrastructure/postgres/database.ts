import type { DataSource, EntityManager } from 'typeorm'
import { DomainError } from '#kernel'
import { isConnectionFailure } from './connection-failure.ts'

/** kitter's database. A database that can't be reached is `service.unavailable`, whatever asked for it. */
export class Database {
  private readonly source: DataSource

  constructor(source: DataSource) {
    this.source = source
  }

  query<Row>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    return told(this.source.query(sql, [...parameters]))
  }

  transaction<Result>(work: (manager: EntityManager) => Promise<Result>): Promise<Result> {
    return told(this.source.transaction(work))
  }
}

async function told<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work
  } catch (error) {
    if (isConnectionFailure(error)) throw databaseUnavailable(error)
    throw error
  }
}

function databaseUnavailable(cause: unknown): DomainError {
  return new DomainError('unavailable', 'service.unavailable', "kitter's database does not answer.", {
    retryAfter: 5,
    cause,
  })
}
