import { Logger } from '@nestjs/common'
import { type Db, PgBoss } from 'pg-boss'
import type { Database } from '#infrastructure/postgres'

/** How long jobs that are under way may take to their end when kitter stops. */
const stopTimeoutMs = 5000
const betweenLinesMs = 30_000
/** What is due every minute needn't be asked for twice a second. */
const shortestPollSeconds = 0.5
const longestPollSeconds = 10

/**
 * Work that any replica does when it's due: pg-boss, in the schema `jobs` of kitter's database, over kitter's own pool.
 * Starts beside the service, and goes on trying while the database is away.
 */
export class BackgroundJobs {
  private readonly log = new Logger(BackgroundJobs.name)
  private readonly boss: PgBoss
  private toldAt = -Infinity
  private starting: Promise<unknown> | undefined
  private readonly timers: NodeJS.Timeout[] = []

  constructor(database: Database) {
    this.boss = new PgBoss({ db: executorOf(database), schema: 'jobs', schedule: false })
    this.boss.on('error', (error) => this.disturbed(error))
  }

  /** Once, whoever asks for it. */
  async start(): Promise<void> {
    this.starting ??= this.boss.start()
    await this.starting
  }

  /**
   * Has one replica do the work every so many seconds, whichever is free. Work that takes longer than the longest is given
   * up, as far as the queue goes.
   */
  async every(seconds: number, name: string, work: () => Promise<void>, longestSeconds = 60): Promise<void> {
    const given = { expireInSeconds: longestSeconds, deleteAfterSeconds: 60 }
    await this.boss.createQueue(name, { policy: 'short', retryLimit: 0, ...given })
    const pollingIntervalSeconds = Math.min(Math.max(seconds / 6, shortestPollSeconds), longestPollSeconds)
    await this.boss.work(name, { pollingIntervalSeconds }, work)
    const due = (): void => {
      this.boss.send(name).catch((error: unknown) => this.disturbed(error))
    }
    due()
    this.timers.push(setInterval(due, seconds * 1000))
  }

  /** Each of the queues notices it, again and again: one line tells it for a while. */
  private disturbed(error: unknown): void {
    if (performance.now() - this.toldAt < betweenLinesMs) return
    this.toldAt = performance.now()
    const reason = error instanceof Error ? error.message : String(error)
    this.log.warn({ reason }, 'background jobs are disturbed')
  }

  async stop(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer)
    await this.boss.stop({ graceful: true, timeout: stopTimeoutMs, close: false })
  }
}

/** Some texts of pg-boss are transactions of their own. Where one fails, its connection must not go back to the pool with it. */
function executorOf(database: Database): Db {
  const rowsOf = (text: string, values: readonly unknown[]): Promise<unknown[]> =>
    /^\s*BEGIN;/.test(text)
      ? database.transaction((queries) => queries.rows(text, ...values))
      : database.rows(text, ...values)
  return { executeSql: async (text, values = []) => ({ rows: await rowsOf(text, values) }) }
}
