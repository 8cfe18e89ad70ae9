import { Injectable } from '@nestjs/common'
import type { Page, Scope, Transaction } from '#kernel'
import type { DomainName } from '#core/domains'
import { emailKey, type User, type UserFilter, type UserName, type UserRecord, UserRecords } from '#core/users'
import { Conditions, containing, surely } from './conditions.ts'
import { Database } from './database.ts'
import { GroupedCalls } from './grouped-calls.ts'
import { amongDomains, domainsWithin } from './domains-within.ts'
import { queriesOf } from './postgres-transaction.ts'
import { withinScope } from './scope-condition.ts'
import { recordOf, userColumns, type UserRow } from './user-row.ts'

type Name = Pick<User, 'domain' | 'username'>

/** Of any number of users. */
const insertion = `
  INSERT INTO kitter.users (${userColumns}, email_key)
  SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::boolean[], $7::boolean[], $8::text[], $9::text[],
    $10::text[], $11::jsonb[], $12::text[], $13::text[])`

@Injectable()
export class PostgresUserRecords extends UserRecords {
  private readonly named = new GroupedCalls<Name, UserRecord | undefined>((names) => this.allNamed(names))
  private readonly ownersOfLogins = this.ownersBy('login_name')
  private readonly ownersOfEmails = this.ownersBy('email_key')

  constructor(private readonly database: Database) {
    super()
  }

  override async list(
    scope: Scope,
    filter: UserFilter,
    { max, page }: Page,
  ): Promise<{ readonly users: readonly User[]; readonly total: number }> {
    const domains = await domainsWithin(this.database, scope, filter.domain)
    const { where, parameters } = conditionsOf(domains, filter)
    // an index alone has the order: rows are read for the page only, not for those before it
    const sql = `
      SELECT ${userColumns} FROM kitter.users JOIN (
        SELECT id FROM kitter.users ${where} ORDER BY username, id LIMIT ${max} OFFSET ${max * page}
      ) AS page USING (id) ORDER BY username, id`
    const rows = await this.database.rows<UserRow>(sql, ...parameters)
    const isLast = rows.length < max && (rows.length > 0 || page === 0)
    const total = isLast ? max * page + rows.length : await this.count(where, parameters)
    return { users: rows.map((row) => recordOf(row).user), total }
  }

  override find(scope: Scope, id: string): Promise<UserRecord | undefined> {
    const conditions = new Conditions().and((value) => `id = ${value(id)}`)
    return this.selectOne(withinScope(conditions, scope, 'domain'))
  }

  override findByName(scope: Scope, domain: DomainName, username: UserName): Promise<UserRecord | undefined> {
    if (scope.everything) return this.named.make({ domain, username })
    const conditions = new Conditions()
      .and((value) => `domain = ${value(domain)}`)
      .and((value) => `username = ${value(username)}`)
    return this.selectOne(withinScope(conditions, scope, 'domain'))
  }

  override ownerOfLogin(loginName: string): Promise<string | undefined> {
    return this.ownersOfLogins.make(loginName.toLowerCase())
  }

  override ownerOfEmail(email: string): Promise<string | undefined> {
    return this.ownersOfEmails.make(emailKey(email))
  }

  override add(record: UserRecord, within: Transaction): Promise<void> {
    queriesOf(within).insert(insertion, parametersOf(record))
    return Promise.resolve()
  }

  override async replace(record: UserRecord, within: Transaction): Promise<void> {
    const sql = `
      UPDATE kitter.users
      SET username = $2, domain = $3, login_name = $4, email = $5, email_verified = $6, enabled = $7, first_name = $8,
        last_name = $9, phone_number = $10, attributes = $11, communications_id = $12, email_key = $13, updated_at = now()
      WHERE id = $1`
    await queriesOf(within).rows(sql, ...parametersOf(record))
  }

  override async remove(id: string, within: Transaction): Promise<void> {
    await queriesOf(within).rows('DELETE FROM kitter.users WHERE id = $1', id)
  }

  private async selectOne({ where, parameters }: Conditions): Promise<UserRecord | undefined> {
    const [row] = await this.database.rows<UserRow>(`SELECT ${userColumns} FROM kitter.users ${where}`, ...parameters)
    return row && recordOf(row)
  }

  private async allNamed(names: readonly Name[]): Promise<readonly (UserRecord | undefined)[]> {
    const rows = await this.database.rows<UserRow>(
      `SELECT ${userColumns} FROM kitter.users
      WHERE (domain, username) IN (SELECT * FROM unnest($1::text[], $2::text[]))`,
      names.map(({ domain }) => domain),
      names.map(({ username }) => username),
    )
    const records = rows.map(recordOf)
    return names.map(({ domain, username }) =>
      records.find(({ user }) => user.domain === domain && user.username === username),
    )
  }

  private async count(where: string, parameters: readonly unknown[]): Promise<number> {
    const [row] = await this.database.rows<{ count: number }>(
      `SELECT count(*)::int AS count FROM kitter.users ${where}`,
      ...parameters,
    )
    return row?.count ?? 0
  }

  private ownersBy(column: 'login_name' | 'email_key'): GroupedCalls<string, string | undefined> {
    return new GroupedCalls(async (values) => {
      const rows = await this.database.rows<{ readonly value: string; readonly id: string }>(
        `SELECT ${column} AS value, id FROM kitter.users WHERE ${column} = ANY($1::text[])`,
        values,
      )
      const owners = new Map(rows.map(({ value, id }) => [value, id]))
      return values.map((value) => owners.get(value))
    })
  }
}

function conditionsOf(domains: readonly string[] | undefined, filter: UserFilter): Conditions {
  const { exact, username, email } = filter
  const conditions = withText(new Conditions(), 'username', username?.toLowerCase(), exact)
  const all = withText(conditions, 'email_key', email === undefined ? undefined : emailKey(email), exact)
    .given(filter.phoneNumber, (value) => `phone_number = ${value}`)
    .given(filter.emailVerified, (value) => `email_verified = ${value}`)
  return amongDomains(all, domains)
}

/** Parts are found by the index of trigrams, which is about folded texts. */
function withText(conditions: Conditions, column: string, text: string | undefined, exact: boolean): Conditions {
  if (exact) return conditions.given(text, (value) => `${column} = ${value}`)
  return conditions
    .given(text, (value) => `searched LIKE '%' || kitter.folded_pattern(${value}) || '%'`)
    .given(containing(text), (value) => surely(`${column} LIKE ${value}`))
}

function parametersOf({ user, loginName, communicationsId }: UserRecord): unknown[] {
  return [
    user.id,
    user.username,
    user.domain,
    loginName,
    user.email ?? null,
    user.emailVerified,
    user.enabled,
    user.firstName ?? null,
    user.lastName ?? null,
    user.phoneNumber ?? null,
    JSON.stringify(user.attributes),
    communicationsId,
    user.email === undefined ? null : emailKey(user.email),
  ]
}
