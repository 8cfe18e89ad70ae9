import { Injectable } from '@nestjs/common'
import type { Transaction } from '#kernel'
import { type DigestHashes, type DigestRecord, SignInDigestRecords } from '#core/users'
import { Database } from './database.ts'
import { queriesOf } from './postgres-transaction.ts'

@Injectable()
export class PostgresSignInDigestRecords extends SignInDigestRecords {
  constructor(private readonly database: Database) {
    super()
  }

  override async find(name: string, hash: string): Promise<DigestRecord | undefined> {
    const sql = `
      SELECT user_id AS "userId", password_mark AS "passwordMark" FROM kitter.user_sign_in_digests
      WHERE name = $1 AND hash = $2`
    const [record] = await this.database.rows<DigestRecord>(sql, name, hash)
    return record
  }

  override async of(name: string, userId: string): Promise<DigestRecord | undefined> {
    const sql = `
      SELECT user_id AS "userId", password_mark AS "passwordMark" FROM kitter.user_sign_in_digests
      WHERE name = $1 AND user_id = $2`
    const [record] = await this.database.rows<DigestRecord>(sql, name, userId)
    return record
  }

  override async replace(
    userId: string,
    hashes: DigestHashes,
    passwordMark: string,
    within: Transaction,
  ): Promise<void> {
    await this.remove(userId, within)
    const sql = `
      INSERT INTO kitter.user_sign_in_digests (user_id, name, hash, password_mark)
      SELECT $1, key, value, $3 FROM jsonb_each_text($2::jsonb)`
    await queriesOf(within).rows(sql, userId, JSON.stringify(hashes), passwordMark)
  }

  override async remove(userId: string, within: Transaction): Promise<void> {
    await queriesOf(within).rows('DELETE FROM kitter.user_sign_in_digests WHERE user_id = $1', userId)
  }
}
