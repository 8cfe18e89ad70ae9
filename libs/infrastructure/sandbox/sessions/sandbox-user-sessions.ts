import { Injectable } from '@nestjs/common'
import { UserSessions } from '#core/users'
import { SandboxDatabase } from '../database/sandbox-database.ts'

/** Stands in for Keycloak's sessions of one user. */
@Injectable()
export class SandboxUserSessions extends UserSessions {
  constructor(private readonly database: SandboxDatabase) {
    super()
  }

  override async end(userId: string): Promise<number> {
    const sql = 'DELETE FROM sandbox.sessions WHERE account_id = $1 RETURNING expires_at > now() AS active'
    const ended = await this.database.rows<{ readonly active: boolean }>(sql, userId)
    return ended.filter(({ active }) => active).length
  }
}
