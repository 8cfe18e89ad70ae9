import { Injectable } from '@nestjs/common'
import { type Role, roles } from '#kernel'
import { Administrators, unknownUser } from '#core/users'
import { SandboxDatabase } from '../database/sandbox-database.ts'

/** Stands in for Keycloak's role mappings. */
@Injectable()
export class SandboxAdministrators extends Administrators {
  constructor(private readonly database: SandboxDatabase) {
    super()
  }

  override async includes(userId: string): Promise<boolean> {
    const sql = `SELECT id FROM sandbox.accounts WHERE id = $1 AND EXISTS (SELECT FROM unnest(roles) AS role WHERE role LIKE 'kitter-%')`
    return (await this.database.rows(sql, userId)).length > 0
  }

  override async roleOf(userId: string): Promise<Role | undefined> {
    const sql = 'SELECT roles FROM sandbox.accounts WHERE id = $1'
    const [account] = await this.database.rows<{ readonly roles: readonly string[] }>(sql, userId)
    return roles.find((role) => account?.roles.includes(role))
  }

  /** What an operator does in Keycloak's console: gives an account these roles, and takes its others. */
  async assign(userId: string, roles: readonly Role[]): Promise<void> {
    const sql = 'UPDATE sandbox.accounts SET roles = $2 WHERE id = $1 RETURNING id'
    if ((await this.database.rows(sql, userId, roles)).length === 0) throw unknownUser()
  }
}
