import { randomUUID } from 'node:crypto'
import { hashPassword } from '../../../libs/infrastructure/sandbox/accounts/password-hash.ts'
import type { DatabaseLook } from './database-look.fixture.ts'
import type { Account, AccountChange, KeycloakLook } from './keycloak-look.fixture.ts'

type Rows = Pick<DatabaseLook, 'rows' | 'count'>

/** The sandbox's Keycloak, which is tables beside kitter's. */
export class SandboxKeycloakLook implements KeycloakLook {
  private readonly database: Rows

  constructor(database: Rows) {
    this.database = database
  }

  async account(id: string): Promise<Account | undefined> {
    const sql = 'SELECT *, login_key AS login_name, email_key AS email FROM sandbox.accounts WHERE id = $1'
    const [row] = await this.database.rows(sql, id)
    return row as unknown as Account | undefined
  }

  accountsNamed(loginName: string): Promise<number> {
    return this.database.count('sandbox.accounts', 'login_key = $1', loginName)
  }

  everything(): Promise<unknown> {
    return this.database.rows('SELECT * FROM sandbox.accounts ORDER BY id')
  }

  async createAccount(loginName: string, email?: string): Promise<string> {
    const id = randomUUID()
    await this.database.rows(
      `INSERT INTO sandbox.accounts (id, login_name, login_key, email, email_key, email_verified, enabled, attributes)
      VALUES ($1, $2, lower($2), $3, lower($3), false, true, '{}')`,
      id,
      loginName,
      email,
    )
    return id
  }

  async giveAttribute(id: string, name: string, value: string): Promise<void> {
    const sql = 'UPDATE sandbox.accounts SET attributes = attributes || $2 WHERE id = $1'
    await this.database.rows(sql, id, JSON.stringify({ [name]: [value] }))
  }

  async changeAccount(id: string, change: AccountChange): Promise<void> {
    const { loginName, email, enabled, firstName, lastName } = change
    await this.database.rows(
      `UPDATE sandbox.accounts SET login_name = coalesce($2, login_name), login_key = coalesce(lower($2), login_key),
        email = nullif(coalesce($3, email), ''), email_key = nullif(lower(coalesce($3, email)), ''),
        enabled = coalesce($4, enabled), first_name = nullif(coalesce($5, first_name), ''),
        last_name = nullif(coalesce($6, last_name), '')
      WHERE id = $1`,
      ...[id, loginName, email, enabled, firstName, lastName],
    )
  }

  async setPassword(id: string, password: string): Promise<void> {
    const sql = 'UPDATE sandbox.accounts SET password_hash = $2, password_temporary = false WHERE id = $1'
    await this.database.rows(sql, id, await hashPassword(password))
  }

  async giveRole(id: string, role: string): Promise<void> {
    await this.database.rows('UPDATE sandbox.accounts SET roles = array_append(roles, $2) WHERE id = $1', id, role)
  }

  async removeAccount(loginName: string): Promise<void> {
    await this.database.rows('DELETE FROM sandbox.accounts WHERE login_key = $1', loginName)
  }

  sessionsOf(id: string): Promise<number> {
    return this.database.count('sandbox.sessions', 'account_id = $1', id)
  }

  async mailsTo(address: string): Promise<readonly string[]> {
    const sql = 'SELECT link FROM sandbox.mails WHERE lower(recipient) = lower($1)'
    return (await this.database.rows(sql, address)).map(({ link }) => String(link))
  }
}
