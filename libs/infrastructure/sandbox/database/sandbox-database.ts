import { Injectable, type OnApplicationShutdown } from '@nestjs/common'
import { databaseFull, databaseUnavailable, isOutcomeUnknown, outcomeUnknown } from '#kernel'
import { type Database, openDatabase, type Queries, type TransactionQueries } from '#infrastructure/postgres'
import { sandboxMigrations } from '../migrations/index.ts'

/** What stands in for another system fails as that would: whose answer is lost may have made the change. */
const failures = {
  unreachable: databaseUnavailable,
  lost: (cause: unknown) => outcomeUnknown('the sandbox', cause),
  full: databaseFull,
}

/** Where the sandbox keeps everything: the schema `sandbox` of kitter's database, so that a restart loses nothing. */
@Injectable()
export class SandboxDatabase implements Queries, OnApplicationShutdown {
  private readonly database: Database

  private constructor(database: Database) {
    this.database = database
  }

  static async open(url: string): Promise<SandboxDatabase> {
    const settings = { url, schema: 'sandbox', migrations: sandboxMigrations }
    return new SandboxDatabase(await openDatabase(settings, failures))
  }

  async rows<Row>(sql: string, ...parameters: readonly unknown[]): Promise<Row[]> {
    try {
      return await this.database.rows<Row>(sql, ...parameters)
    } catch (error) {
      throw isOutcomeUnknown(error) && /^\s*SELECT\b/.test(sql) ? databaseUnavailable(error) : error
    }
  }

  transaction<Result>(work: (queries: TransactionQueries) => Promise<Result>): Promise<Result> {
    return this.database.transaction(work)
  }

  /** For health checks: rejects when the database doesn't answer. */
  async ping(): Promise<void> {
    await this.database.ping()
  }

  async onApplicationShutdown(): Promise<void> {
    await this.database.close()
  }
}
