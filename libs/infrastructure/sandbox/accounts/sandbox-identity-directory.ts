import { Injectable } from '@nestjs/common'
import type { DomainName } from '#core/domains'
import {
  type Account,
  type AccountChange,
  type AccountUpdate,
  emailTaken,
  type HashedPassword,
  IdentityDirectory,
  unknownUser,
  userNameTaken,
} from '#core/users'
import type { Queries } from '#infrastructure/postgres'
import { refusing } from '../database/refusing.ts'
import { SandboxDatabase } from '../database/sandbox-database.ts'
import { accountColumns, accountOf, type AccountRow, loginKey, valuesOf } from './account-row.ts'
import { requireProfile } from './user-profile.ts'

const accountsPerPage = 500

const refusals = {
  accounts_login_key: userNameTaken,
  accounts_email_key: emailTaken,
  // the id is kitter's and new: only an account that is sent twice meets itself
  accounts_pkey: userNameTaken,
}

/** Stands in for Keycloak's users. */
@Injectable()
export class SandboxIdentityDirectory extends IdentityDirectory {
  constructor(private readonly database: SandboxDatabase) {
    super()
  }

  override async create(account: Account, password?: HashedPassword): Promise<void> {
    requireProfile(account)
    const sql = `
      INSERT INTO sandbox.accounts (id, login_name, login_key, email, email_key, email_verified, enabled, first_name, last_name,
        attributes, password_hash, password_temporary)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`
    await refusing(
      refusals,
      this.database.rows(sql, ...valuesOf(account), password?.hash, password?.temporary ?? false),
    )
  }

  override async find(id: string): Promise<Account | undefined> {
    const [row] = await this.database.rows<AccountRow>(
      `SELECT ${accountColumns} FROM sandbox.accounts WHERE id = $1`,
      id,
    )
    return row === undefined ? undefined : accountOf(row)
  }

  override async findByLoginName(loginName: string): Promise<Account | undefined> {
    const sql = `SELECT ${accountColumns} FROM sandbox.accounts WHERE login_key = $1`
    const [row] = await this.database.rows<AccountRow>(sql, loginKey(loginName))
    return row === undefined ? undefined : accountOf(row)
  }

  override async update(id: string, change: AccountChange, { password }: AccountUpdate = {}): Promise<Account> {
    requireProfile(change)
    const changing = this.database.transaction(async (queries) => {
      const before = await locked(queries, id)
      const attributes = { ...before.attributes, ...change.attributes }
      await queries.rows(
        `UPDATE sandbox.accounts SET (login_name, login_key, email, email_key, email_verified, enabled, first_name, last_name,
          attributes, password_hash, password_temporary) = ROW ($2, $3, $4, $5, $6, $7, $8, $9, $10::jsonb,
          coalesce($11, password_hash), coalesce($12, password_temporary)) WHERE id = $1`,
        ...valuesOf({ ...before, ...change, attributes }),
        password?.hash,
        password?.temporary,
      )
      return before
    })
    return await refusing(refusals, changing)
  }

  override async remove(id: string): Promise<void> {
    const removed = await this.database.rows('DELETE FROM sandbox.accounts WHERE id = $1 RETURNING id', id)
    if (removed.length === 0) throw unknownUser()
  }

  override async *scan(domain?: DomainName): AsyncGenerator<readonly Account[]> {
    const sql = `
      SELECT ${accountColumns} FROM sandbox.accounts
      WHERE id > $1 AND ($2::text IS NULL OR attributes -> 'domain' ? $2) ORDER BY id LIMIT ${accountsPerPage}`
    for (let last: string | undefined = ''; last !== undefined;) {
      const rows: AccountRow[] = await this.database.rows<AccountRow>(sql, last, domain)
      if (rows.length > 0) yield rows.map(accountOf)
      last = rows.at(accountsPerPage - 1)?.id
    }
  }
}

/** Changes of one account wait for each other, so that none merges into what another is about to replace. */
async function locked(queries: Queries, id: string): Promise<Account> {
  const sql = `SELECT ${accountColumns} FROM sandbox.accounts WHERE id = $1 FOR NO KEY UPDATE`
  const [row] = await queries.rows<AccountRow>(sql, id)
  if (row === undefined) throw unknownUser()
  return accountOf(row)
}
