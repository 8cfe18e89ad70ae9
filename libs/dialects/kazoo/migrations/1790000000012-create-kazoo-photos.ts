import type { MigrationInterface, QueryRunner } from 'typeorm'

/** Photos of users. Compressed they are already. */
export class CreateKazooPhotos1790000000012 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE kitter.kazoo_photos (
        user_id uuid PRIMARY KEY REFERENCES kitter.users ON DELETE CASCADE,
        content_type text COLLATE "C" NOT NULL,
        bytes bytea STORAGE EXTERNAL NOT NULL CHECK (length(bytes) <= 8000000),
        updated_at timestamptz NOT NULL DEFAULT now()
      )`)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE kitter.kazoo_photos')
  }
}
