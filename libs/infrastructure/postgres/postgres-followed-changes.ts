import { Injectable } from '@nestjs/common'
import { isPlainObject, jsonIn } from '#kernel'
import { type Followed, FollowedChanges } from '#core/reconciliation'
import { Database } from './database.ts'

const name = 'followed_changes'

@Injectable()
export class PostgresFollowedChanges extends FollowedChanges {
  constructor(private readonly database: Database) {
    super()
  }

  override async read(): Promise<Followed> {
    const sql = 'SELECT value FROM kitter.settings WHERE name = $1'
    const [row] = await this.database.rows<{ readonly value: string }>(sql, name)
    return followedIn(row?.value ?? '')
  }

  override async write(next: Followed, read: Followed): Promise<boolean> {
    const written = await this.database.rows(
      `INSERT INTO kitter.settings AS kept (name, value) VALUES ($1, $2)
      ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE kept.value = $3 RETURNING name`,
      name,
      textOf(next),
      textOf(read),
    )
    return written.length > 0
  }
}

function textOf({ position, waiting }: Followed): string {
  return JSON.stringify({ position, waiting })
}

function followedIn(text: string): Followed {
  const value: unknown = jsonIn(text)
  if (!isPlainObject(value)) return { waiting: [] }
  const { position, waiting } = value
  return {
    position: typeof position === 'string' ? position : undefined,
    waiting: Array.isArray(waiting) ? waiting.filter((id) => typeof id === 'string') : [],
  }
}
