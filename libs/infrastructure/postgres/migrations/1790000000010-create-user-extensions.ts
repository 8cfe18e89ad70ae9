import type { MigrationInterface, QueryRunner } from 'typeorm'

/** What dialects keep beside users, and what users sign in with there. */
export class CreateUserExtensions1790000000010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE kitter.user_extensions (
        user_id uuid NOT NULL REFERENCES kitter.users ON DELETE CASCADE,
        dialect text COLLATE "C" NOT NULL,
        document jsonb NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (user_id, dialect)
      )`)
    await runner.query(`
      CREATE INDEX user_extensions_document ON kitter.user_extensions USING gin (document jsonb_path_ops)`)
    await this.createDigests(runner)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TRIGGER users_forget_digests ON kitter.users')
    await runner.query('DROP FUNCTION kitter.forget_sign_in_digests')
    await runner.query('DROP TABLE kitter.user_sign_in_digests, kitter.user_extensions')
  }

  /** Whoever renames or moves a user, a reconciliation included, makes its digests those of somebody else. */
  private async createDigests(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE kitter.user_sign_in_digests (
        user_id uuid NOT NULL REFERENCES kitter.users ON DELETE CASCADE,
        name text COLLATE "C" NOT NULL,
        hash text COLLATE "C" NOT NULL,
        password_mark text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (user_id, name)
      )`)
    await runner.query('CREATE INDEX user_sign_in_digests_hash ON kitter.user_sign_in_digests (name, hash)')
    await runner.query(`
      CREATE FUNCTION kitter.forget_sign_in_digests() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          DELETE FROM kitter.user_sign_in_digests WHERE user_id = OLD.id;
          RETURN NULL;
        END
      $$`)
    await runner.query(`
      CREATE TRIGGER users_forget_digests AFTER UPDATE OF username, domain ON kitter.users FOR EACH ROW
      WHEN (OLD.username <> NEW.username OR OLD.domain <> NEW.domain)
      EXECUTE FUNCTION kitter.forget_sign_in_digests()`)
  }
}
