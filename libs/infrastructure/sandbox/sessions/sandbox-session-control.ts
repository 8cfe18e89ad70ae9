import { Injectable } from '@nestjs/common'
import { type Session, SessionControl } from '#core/sessions'
import { SandboxDatabase } from '../database/sandbox-database.ts'

const sessionsPerPage = 1000

/** Stands in for the sessions of Keycloak's realm. */
@Injectable()
export class SandboxSessionControl extends SessionControl {
  constructor(private readonly database: SandboxDatabase) {
    super()
  }

  override async *active(): AsyncGenerator<readonly Session[]> {
    const sql = `
      SELECT id, account_id AS "userId", offline FROM sandbox.sessions WHERE expires_at > now() AND id > $1
      ORDER BY id LIMIT ${sessionsPerPage}`
    for (let last: string | undefined = ''; last !== undefined;) {
      const sessions: Session[] = await this.database.rows<Session>(sql, last)
      if (sessions.length > 0) yield sessions
      last = sessions.at(sessionsPerPage - 1)?.id
    }
  }

  override async end(sessions: readonly Session[]): Promise<number> {
    const sql = 'DELETE FROM sandbox.sessions WHERE id = ANY ($1) RETURNING expires_at > now() AS active'
    const ids = sessions.map(({ id }) => id)
    return countActive(await this.database.rows<Ended>(sql, ids))
  }

  override async endAll(): Promise<number> {
    const sql = 'DELETE FROM sandbox.sessions RETURNING expires_at > now() AS active'
    return countActive(await this.database.rows<Ended>(sql))
  }
}

interface Ended {
  readonly active: boolean
}

function countActive(ended: readonly Ended[]): number {
  return ended.filter(({ active }) => active).length
}
