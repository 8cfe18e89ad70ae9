import { Injectable, type OnApplicationShutdown } from '@nestjs/common'
import { type Database, openDatabase, type Queries } from '#infrastructure/postgres'
import { sandboxMigrations } from '../migrations/index.ts'

/** Where the sandbox keeps everything: the schema `sandbox` of kitter's database, so that a restart loses nothing. */
@Injectable()
export class SandboxDatabase implements Queries, OnApplicationShutdown {
  private readonly database: Database

  private constructor(database: Database) {
    this.database = database
  }

  static async open(url: string): Promise<SandboxDatabase> {
    return new SandboxDatabase(await openDatabase({ url, schema: 'sandbox', migrations: sandboxMigrations }))
  }

  rows<Row>(sql: string, ...parameters: readonly unknown[]): Promise<Row[]> {
    return this.database.rows(sql, ...parameters)
  }

  transaction<Result>(work: (queries: Queries) => Promise<Result>): Promise<Result> {
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
