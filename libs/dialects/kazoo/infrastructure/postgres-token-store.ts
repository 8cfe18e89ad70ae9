import { createHash } from 'node:crypto'
import { Injectable } from '@nestjs/common'
import { type Role, roles } from '#kernel'
import { type DomainName, parseDomainName } from '#core/domains'
import { Database } from '#infrastructure/postgres'
import { type TokenHolder, TokenStore } from '../application/token-store.ts'
import { dialect } from '../domain/dialect-name.ts'

interface HolderRow {
  readonly user_id: string
  readonly username: string
  readonly domain: string
  readonly password_mark: string
  readonly role: string | null
  readonly is_fresh: boolean
  readonly is_touched: boolean
}

/** A token that nobody uses is good for an hour, and none is for longer than half a day. */
const isGood = "token.used_at > now() - interval '1 hour' AND token.created_at > now() - interval '12 hours'"

/** How long the realm's word is taken, and how old the last use may look. */
const fresh = "checked_at > now() - interval '30 seconds'"
const touched = "used_at > now() - interval '1 minute'"

@Injectable()
export class PostgresTokenStore extends TokenStore {
  constructor(private readonly database: Database) {
    super()
  }

  /** Waits for whoever disables the user at this moment: no token is left over. */
  override async add(token: string, userId: string, passwordMark: string): Promise<void> {
    await this.database.rows(`DELETE FROM kitter.kazoo_tokens AS token WHERE NOT (${isGood})`)
    const sql = `
      INSERT INTO kitter.kazoo_tokens (hash, user_id, password_mark, checked_at)
      SELECT $1, id, $3, 'epoch' FROM kitter.users WHERE id = $2 AND enabled FOR SHARE`
    await this.database.rows(sql, hashOf(token), userId, passwordMark)
  }

  override async use(token: string): Promise<TokenHolder | undefined> {
    const [row] = await this.database.rows<HolderRow>(
      `SELECT token.user_id, username, domain, token.password_mark, role, ${fresh} AS is_fresh, ${touched} AS is_touched
      FROM kitter.kazoo_tokens AS token JOIN kitter.users ON users.id = token.user_id AND enabled
      JOIN kitter.user_sign_in_digests AS digest
        ON digest.user_id = users.id AND digest.name = '${dialect}' AND digest.password_mark = token.password_mark
      WHERE token.hash = $1 AND ${isGood}`,
      hashOf(token),
    )
    if (row?.is_touched === false)
      await this.database.rows('UPDATE kitter.kazoo_tokens SET used_at = now() WHERE hash = $1', hashOf(token))
    return row && holderOf(row)
  }

  override async refresh(token: string, role: Role | undefined): Promise<void> {
    const sql = 'UPDATE kitter.kazoo_tokens SET role = $2, checked_at = now() WHERE hash = $1'
    await this.database.rows(sql, hashOf(token), role ?? null)
  }

  override async remove(token: string): Promise<void> {
    await this.database.rows('DELETE FROM kitter.kazoo_tokens WHERE hash = $1', hashOf(token))
  }

  override endOf(userId: string): Promise<number> {
    return this.removed('user_id = $1', userId)
  }

  override endOfDomain(domain: DomainName): Promise<number> {
    return this.removed('user_id IN (SELECT id FROM kitter.users WHERE domain = $1)', domain)
  }

  override endAll(): Promise<number> {
    return this.removed('true')
  }

  /** Those that had expired by themselves don't count. */
  private async removed(which: string, ...parameters: readonly unknown[]): Promise<number> {
    const sql = `DELETE FROM kitter.kazoo_tokens AS token WHERE ${which} RETURNING ${isGood} AS is_good`
    const rows = await this.database.rows<{ readonly is_good: boolean }>(sql, ...parameters)
    return rows.filter(({ is_good: isStillGood }) => isStillGood).length
  }
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

function holderOf(row: HolderRow): TokenHolder {
  return {
    userId: row.user_id,
    username: row.username,
    domain: parseDomainName(row.domain),
    passwordMark: row.password_mark,
    role: roles.find((role) => role === row.role),
    isFresh: row.is_fresh,
  }
}
