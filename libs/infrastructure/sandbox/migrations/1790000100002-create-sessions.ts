import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * Log-ins, and what oidc-provider keeps of them (grants and refresh tokens). Whatever ends a session, also the account's
 * end, ends its tokens with it.
 */
export class CreateSessions1790000100002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE sandbox.sessions (
        id text COLLATE "C" PRIMARY KEY,
        account_id text COLLATE "C" NOT NULL REFERENCES sandbox.accounts (id) ON DELETE CASCADE,
        offline boolean NOT NULL,
        started_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz NOT NULL
      )`)
    await runner.query('CREATE INDEX sessions_account ON sandbox.sessions (account_id)')
    await runner.query('CREATE INDEX sessions_expiry ON sandbox.sessions (expires_at)')
    await runner.query(`
      CREATE TABLE sandbox.oidc_entries (
        model text COLLATE "C" NOT NULL,
        key text COLLATE "C" NOT NULL,
        session_id text COLLATE "C" NOT NULL REFERENCES sandbox.sessions (id) ON DELETE CASCADE,
        payload jsonb NOT NULL,
        expires_at timestamptz NOT NULL,
        PRIMARY KEY (model, key)
      )`)
    await runner.query('CREATE INDEX oidc_entries_session ON sandbox.oidc_entries (session_id)')
    await runner.query(`
      CREATE TABLE sandbox.signing_keys (
        id integer PRIMARY KEY,
        jwk jsonb NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now()
      )`)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE sandbox.signing_keys')
    await runner.query('DROP TABLE sandbox.oidc_entries')
    await runner.query('DROP TABLE sandbox.sessions')
  }
}
