import { Injectable } from '@nestjs/common'
import { FollowedChanges } from '#core/reconciliation'
import { Database } from './database.ts'

const name = 'followed_changes'

@Injectable()
export class PostgresFollowedChanges extends FollowedChanges {
  constructor(private readonly database: Database) {
    super()
  }

  override async position(): Promise<string | undefined> {
    const sql = 'SELECT value FROM kitter.settings WHERE name = $1'
    const [row] = await this.database.rows<{ readonly value: string }>(sql, name)
    return row?.value
  }

  override async moveTo(position: string): Promise<void> {
    await this.database.rows(
      'INSERT INTO kitter.settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
      name,
      position,
    )
  }
}
