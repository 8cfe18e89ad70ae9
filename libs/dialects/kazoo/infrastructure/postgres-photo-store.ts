import { Injectable } from '@nestjs/common'
import { Database } from '#infrastructure/postgres'
import { PhotoStore } from '../application/photo-store.ts'
import type { Photo } from '../domain/vcard/vcard.ts'

@Injectable()
export class PostgresPhotoStore extends PhotoStore {
  constructor(private readonly database: Database) {
    super()
  }

  override async find(userId: string): Promise<Photo | undefined> {
    const sql = 'SELECT content_type AS "contentType", bytes FROM kitter.kazoo_photos WHERE user_id = $1'
    const [photo] = await this.database.rows<Photo>(sql, userId)
    return photo
  }

  override async put(userId: string, { contentType, bytes }: Photo): Promise<boolean> {
    const sql = `
      INSERT INTO kitter.kazoo_photos (user_id, content_type, bytes)
      SELECT id, $2, $3::bytea FROM kitter.users WHERE id = $1 FOR KEY SHARE
      ON CONFLICT (user_id) DO UPDATE
      SET content_type = excluded.content_type, bytes = excluded.bytes, updated_at = now()
      RETURNING user_id`
    return (await this.database.rows(sql, userId, contentType, bytes)).length > 0
  }

  override async remove(userId: string): Promise<void> {
    await this.database.rows('DELETE FROM kitter.kazoo_photos WHERE user_id = $1', userId)
  }
}
