import { Injectable } from '@nestjs/common'
import { loginKey } from '../accounts/account-row.ts'
import { SandboxDatabase } from '../database/sandbox-database.ts'
import type { Principal } from './principal.ts'

/** What is compared and asked at a log-in. */
export interface LogInAccount {
  readonly id: string
  readonly enabled: boolean
  readonly passwordHash: string | null
  readonly passwordTemporary: boolean
}

interface PrincipalRow {
  readonly subject: string
  readonly name: string
  readonly roles: readonly string[]
  readonly domain: string | null
}

/** The accounts as those whom tokens are about. */
@Injectable()
export class Principals {
  constructor(private readonly database: SandboxDatabase) {}

  /** None where the account is gone or disabled. */
  async find(accountId: string): Promise<Principal | undefined> {
    const sql = `
      SELECT id AS subject, login_name AS name, roles, attributes -> 'domain' ->> 0 AS domain
      FROM sandbox.accounts WHERE id = $1 AND enabled`
    const [row] = await this.database.rows<PrincipalRow>(sql, accountId)
    return row === undefined ? undefined : { ...row, domain: row.domain ?? undefined }
  }

  async findForLogIn(loginName: string): Promise<LogInAccount | undefined> {
    const sql = `
      SELECT id, enabled, password_hash AS "passwordHash", password_temporary AS "passwordTemporary"
      FROM sandbox.accounts WHERE login_key = $1`
    const [row] = await this.database.rows<LogInAccount>(sql, loginKey(loginName))
    return row
  }
}
