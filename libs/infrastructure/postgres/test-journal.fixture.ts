import type { Transaction } from '#kernel'
import type { Operations } from '#core/provisioning'
import { queriesOf } from './postgres-transaction.ts'
import { TestPostgres } from './test-postgres.fixture.ts'

/** The latest operation of a subject. */
const latest = 'id = (SELECT id FROM kitter.operations WHERE subject = $1 ORDER BY started_at DESC LIMIT 1)'

/** A journal of its own, whose time passes as a test wants it, and records that are written with it. */
export class TestJournal implements AsyncDisposable {
  readonly operations: Operations

  private constructor(readonly postgres: TestPostgres) {
    this.operations = postgres.operations()
  }

  static async start(): Promise<TestJournal> {
    return new TestJournal(await TestPostgres.start())
  }

  async clear(): Promise<void> {
    await this.postgres.database.rows('TRUNCATE kitter.operations CASCADE')
  }

  /** How the subject's operation stands. */
  async stateOf(subject: string): Promise<string | undefined> {
    return (await this.look(subject))?.state
  }

  async reasonOf(subject: string): Promise<string | undefined> {
    return (await this.look(subject))?.reason ?? undefined
  }

  async leaseSeconds(subject: string): Promise<number> {
    return (await this.look(subject))?.lease ?? 0
  }

  /** Nobody has carried it on for longer than the lease, or it's due. */
  async expireLease(subject: string): Promise<void> {
    await this.postgres.database.rows(`UPDATE kitter.operations SET lease_until = now() WHERE ${latest}`, subject)
  }

  async ageEffect(subject: string, seconds: number): Promise<void> {
    const sql = `UPDATE kitter.operations SET effect_at = now() - make_interval(secs => $2) WHERE ${latest}`
    await this.postgres.database.rows(sql, subject, seconds)
  }

  async isClaimed(key: string): Promise<boolean> {
    return (await this.postgres.database.rows('SELECT FROM kitter.operation_claims WHERE key = $1', key)).length > 0
  }

  /** Writes what kitter itself keeps of a subject, as part of a unit of work; nothing removes it. */
  async record(within: Transaction, subject: string, value: string | undefined): Promise<void> {
    const queries = queriesOf(within)
    await queries.rows('DELETE FROM kitter.settings WHERE name = $1', subject)
    if (value === undefined) return
    await queries.rows('INSERT INTO kitter.settings (name, value) VALUES ($1, $2)', subject, value)
  }

  async recordOf(subject: string): Promise<string | undefined> {
    const sql = 'SELECT value FROM kitter.settings WHERE name = $1'
    const [row] = await this.postgres.database.rows<{ readonly value: string }>(sql, subject)
    return row?.value
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.postgres[Symbol.asyncDispose]()
  }

  private async look(subject: string) {
    const sql = `
      SELECT state, reason, extract(epoch FROM lease_until - now())::float8 AS lease
      FROM kitter.operations WHERE ${latest}`
    const [row] = await this.postgres.database.rows<{
      readonly state: string
      readonly reason: string | null
      readonly lease: number
    }>(sql, subject)
    return row
  }
}
