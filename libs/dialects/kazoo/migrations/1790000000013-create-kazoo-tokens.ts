import type { MigrationInterface, QueryRunner } from 'typeorm'

/** The tokens of those who have signed in at the dialect, and how often somebody tried in vain. */
export class CreateKazooTokens1790000000013 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE kitter.kazoo_tokens (
        hash bytea PRIMARY KEY,
        user_id uuid NOT NULL REFERENCES kitter.users ON DELETE CASCADE,
        password_mark text NOT NULL,
        role text,
        checked_at timestamptz NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        used_at timestamptz NOT NULL DEFAULT now()
      )`)
    await runner.query('CREATE INDEX kazoo_tokens_user ON kitter.kazoo_tokens (user_id)')
    await runner.query('CREATE INDEX kazoo_tokens_used ON kitter.kazoo_tokens (used_at)')
    await runner.query(`
      CREATE TABLE kitter.kazoo_tries (
        who text COLLATE "C" PRIMARY KEY,
        since timestamptz NOT NULL,
        tries integer NOT NULL
      )`)
    await runner.query('CREATE INDEX kazoo_tries_since ON kitter.kazoo_tries (since)')
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE kitter.kazoo_tries, kitter.kazoo_tokens')
  }
}
