import type { DataSource } from 'typeorm'

/** One for all of kitter's schemas: replicas that start together take turns. */
const migrationLock = 7_100_301_337

/** Brings the schema up to date, one replica at a time. */
export async function migrate(source: DataSource, schema: string): Promise<void> {
  const runner = source.createQueryRunner()
  try {
    await runner.query('SET statement_timeout = 0')
    await runner.query('SELECT pg_advisory_lock($1)', [migrationLock])
    await runner.query(`CREATE SCHEMA IF NOT EXISTS ${source.driver.escape(schema)}`)
    await source.runMigrations({ transaction: 'each' })
  } finally {
    await runner.query('SELECT pg_advisory_unlock($1)', [migrationLock])
    await runner.query('RESET statement_timeout')
    await runner.release()
  }
}
