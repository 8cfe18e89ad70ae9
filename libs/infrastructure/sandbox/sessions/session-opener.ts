import { randomUUID } from 'node:crypto'
import { Injectable } from '@nestjs/common'
import { SandboxDatabase } from '../database/sandbox-database.ts'

export interface NewSession {
  readonly accountId: string
  /** The hash that the password was checked against. */
  readonly passwordHash: string
  readonly offline: boolean
  readonly lifetimeSeconds: number
}

const expiredAtOnce = 1000

@Injectable()
export class SessionOpener {
  constructor(private readonly database: SandboxDatabase) {}

  /**
   * The session's id; none where the account was disabled or got another password while this log-in was under way.
   * Such a change and this one wait for each other, so that no session outlives the change that was to end them all.
   */
  async open({ accountId, passwordHash, offline, lifetimeSeconds }: NewSession): Promise<string | undefined> {
    await this.forgetExpired()
    const sql = `
      INSERT INTO sandbox.sessions (id, account_id, offline, expires_at)
      SELECT $1, id, $4, now() + make_interval(secs => $5) FROM sandbox.accounts
      WHERE id = $2 AND enabled AND password_hash = $3 FOR SHARE
      RETURNING id`
    const opened = await this.database.rows<{ readonly id: string }>(
      sql,
      randomUUID(),
      accountId,
      passwordHash,
      offline,
      lifetimeSeconds,
    )
    return opened[0]?.id
  }

  private async forgetExpired(): Promise<void> {
    await this.database.rows(`
      DELETE FROM sandbox.sessions WHERE id IN (
        SELECT id FROM sandbox.sessions WHERE expires_at < now() LIMIT ${expiredAtOnce} FOR UPDATE SKIP LOCKED)`)
  }
}
