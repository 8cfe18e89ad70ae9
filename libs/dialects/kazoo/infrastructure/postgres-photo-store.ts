import { Injectable } from '@nestjs/common'
import { Conditions, Database } from '#infrastructure/postgres'
import { PhotoStore, type WantedPhotos } from '../application/photo-store.ts'
import type { Photo } from '../domain/photo/photo.ts'

@Injectable()
export class PostgresPhotoStore extends PhotoStore {
  constructor(private readonly database: Database) {
    super()
  }

  override async find(userId: string, wanted?: WantedPhotos): Promise<Photo | undefined> {
    const { where, parameters } = new Conditions()
      .and((value) => `user_id = ${value(userId)}`)
      .given(wanted?.contentType, (value) => `content_type = ${value}`)
      .given(wanted?.mostBytes, (value) => `length(bytes) <= ${value}`)
    const sql = `SELECT content_type AS "contentType", bytes FROM kitter.kazoo_photos ${where}`
    const [photo] = await this.database.rows<Photo>(sql, ...parameters)
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
