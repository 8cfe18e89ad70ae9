import { setTimeout as pause } from 'node:timers/promises'
import type { DataSource, QueryRunner } from 'typeorm'
import { StartError } from '#kernel'

/** One for all of kitter's schemas: replicas that start together take turns. */
const migrationLock = 7_100_301_337
const longestWaitMs = 120_000

/** Brings the schema up to date, one replica at a time. */
export async function migrate(source: DataSource, schema: string): Promise<void> {
  const runner = source.createQueryRunner()
  try {
    await takeTurn(runner)
    await runner.query(`CREATE SCHEMA IF NOT EXISTS ${source.driver.escape(schema)}`)
    await source.runMigrations({ transaction: 'each' })
    await runner.query('SELECT pg_advisory_unlock($1)', [migrationLock])
  } finally {
    // a lock that an error left goes with its connection
    await runner.release()
  }
}

/** Asks again and again, for a question that waits would meet the time-out that every question has. */
async function takeTurn(runner: QueryRunner): Promise<void> {
  const deadline = performance.now() + longestWaitMs
  for (let wait = 20; ; wait = Math.min(wait * 2, 500)) {
    const answer: unknown = await runner.query('SELECT pg_try_advisory_lock($1) AS locked', [migrationLock])
    if (JSON.stringify(answer) === '[{"locked":true}]') return
    if (performance.now() > deadline)
      throw new StartError('Another kitter is still migrating this database: try again.')
    await pause(wait)
  }
}
