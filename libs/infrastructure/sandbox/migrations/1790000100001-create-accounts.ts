import type { MigrationInterface, QueryRunner } from 'typeorm'

/** Keycloak's side: users, and the mails it sends them. Names of constraints are what refusals are told by. */
export class CreateAccounts1790000100001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE sandbox.accounts (
        id text COLLATE "C" CONSTRAINT accounts_pkey PRIMARY KEY,
        login_name text NOT NULL,
        login_key text COLLATE "C" NOT NULL CONSTRAINT accounts_login_key UNIQUE,
        email text,
        email_key text COLLATE "C" CONSTRAINT accounts_email_key UNIQUE,
        email_verified boolean NOT NULL,
        enabled boolean NOT NULL,
        first_name text,
        last_name text,
        attributes jsonb NOT NULL,
        roles text[] NOT NULL DEFAULT '{}',
        password_hash text,
        password_temporary boolean NOT NULL DEFAULT false
      )`)
    await runner.query(`
      CREATE TABLE sandbox.mails (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        recipient text NOT NULL,
        subject text NOT NULL,
        link text NOT NULL,
        sent_at timestamptz NOT NULL DEFAULT now()
      )`)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE sandbox.mails')
    await runner.query('DROP TABLE sandbox.accounts')
  }
}
