import { Injectable } from '@nestjs/common'
import type { Transaction } from '#kernel'
import { type ExtensionDocument, type UserExtension, UserExtensions } from '#core/users'
import { Database } from './database.ts'
import { queriesOf } from './postgres-transaction.ts'

@Injectable()
export class PostgresUserExtensions extends UserExtensions {
  constructor(private readonly database: Database) {
    super()
  }

  override async find(dialect: string, userId: string): Promise<ExtensionDocument | undefined> {
    const sql = 'SELECT document FROM kitter.user_extensions WHERE user_id = $1 AND dialect = $2'
    const [row] = await this.database.rows<{ readonly document: ExtensionDocument }>(sql, userId, dialect)
    return row?.document
  }

  override async put(userId: string, { dialect, document }: UserExtension, within: Transaction): Promise<void> {
    const sql = `
      INSERT INTO kitter.user_extensions (user_id, dialect, document) VALUES ($1, $2, $3)
      ON CONFLICT (user_id, dialect) DO UPDATE SET document = excluded.document, updated_at = now()`
    await queriesOf(within).rows(sql, userId, dialect, JSON.stringify(document))
  }
}
