import type { MigrationInterface, QueryRunner } from 'typeorm'

/** The tokens of those who have signed in at the dialect, from where, and how often somebody tried in vain. */
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
    await runner.query(`
      CREATE TABLE kitter.kazoo_sign_in_places (
        domain text COLLATE "C" NOT NULL REFERENCES kitter.domains (name) ON UPDATE CASCADE ON DELETE CASCADE,
        network text COLLATE "C" NOT NULL,
        seen_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (domain, network)
      )`)
    await runner.query('CREATE INDEX kazoo_sign_in_places_seen ON kitter.kazoo_sign_in_places (seen_at)')
    await this.endWithDisabling(runner)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TRIGGER users_end_kazoo_tokens ON kitter.users')
    await runner.query('DROP FUNCTION kitter.end_kazoo_tokens')
    await runner.query('DROP TABLE kitter.kazoo_sign_in_places, kitter.kazoo_tries, kitter.kazoo_tokens')
  }

  /** Whoever disables a user, a reconciliation included: enabling again gives no token back. */
  private async endWithDisabling(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE FUNCTION kitter.end_kazoo_tokens() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          DELETE FROM kitter.kazoo_tokens WHERE user_id = OLD.id;
          RETURN NULL;
        END
      $$`)
    await runner.query(`
      CREATE TRIGGER users_end_kazoo_tokens AFTER UPDATE OF enabled ON kitter.users FOR EACH ROW
      WHEN (OLD.enabled AND NOT NEW.enabled)
      EXECUTE FUNCTION kitter.end_kazoo_tokens()`)
  }
}
