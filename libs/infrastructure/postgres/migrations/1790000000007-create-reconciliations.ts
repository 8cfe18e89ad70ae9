import type { MigrationInterface, QueryRunner } from 'typeorm'

/** Reconciliations, what they found, and what they compare kitter's own rows with. */
export class CreateReconciliations1790000000007 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await this.createReconciliations(runner)
    await this.createDifferences(runner)
    await this.createStaging(runner)
    await this.createSuspects(runner)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE kitter.suspects, kitter.staged_accounts, kitter.staged_communications_users')
    await runner.query('DROP SEQUENCE kitter.suspect_numbers')
    await runner.query('DROP TABLE kitter.reconciliation_differences')
    await runner.query('DROP TABLE kitter.reconciliations')
  }

  /** `furthest` is the phase and the work in it beyond which it never was. */
  private async createReconciliations(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE kitter.reconciliations (
        id uuid PRIMARY KEY,
        domain text COLLATE "C",
        policy jsonb NOT NULL,
        started_by jsonb NOT NULL,
        state text NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'done', 'failed', 'cancelled')),
        phase text NOT NULL,
        counts jsonb NOT NULL,
        furthest bigint[] NOT NULL DEFAULT '{}',
        turn integer NOT NULL DEFAULT 0,
        tries integer NOT NULL DEFAULT 0,
        lease_until timestamptz NOT NULL DEFAULT now(),
        started_at timestamptz NOT NULL DEFAULT now(),
        ended_at timestamptz,
        last_error text
      )`)
    await runner.query(
      "CREATE UNIQUE INDEX reconciliations_running ON kitter.reconciliations ((true)) WHERE state = 'running'",
    )
    await runner.query('CREATE INDEX reconciliations_started ON kitter.reconciliations (started_at, id)')
    await runner.query('CREATE INDEX reconciliations_ended ON kitter.reconciliations (ended_at)')
  }

  /** `json`, for it keeps the order of what was told. */
  private async createDifferences(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE kitter.reconciliation_differences (
        reconciliation uuid NOT NULL REFERENCES kitter.reconciliations (id) ON DELETE CASCADE,
        number bigint GENERATED ALWAYS AS IDENTITY,
        about text NOT NULL,
        subject text COLLATE "C" NOT NULL,
        outcome text NOT NULL,
        difference json NOT NULL,
        PRIMARY KEY (reconciliation, number),
        CONSTRAINT reconciliation_differences_subject UNIQUE (reconciliation, about, subject)
      )`)
    await runner.query(`
      CREATE INDEX reconciliation_differences_outcome
      ON kitter.reconciliation_differences (reconciliation, outcome, number)`)
  }

  /**
   * Logged, although all of it could be read again: a crash of Postgres would empty unlogged tables, a replica that takes
   * over wouldn't notice, and everybody would look missing. No foreign keys, which would be checked row by row.
   */
  private async createStaging(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE kitter.staged_accounts (
        reconciliation uuid NOT NULL,
        is_user_id boolean NOT NULL,
        id text COLLATE "C" NOT NULL,
        digest bytea NOT NULL,
        PRIMARY KEY (reconciliation, is_user_id, id)
      )`)
    await runner.query(`
      CREATE TABLE kitter.staged_communications_users (
        reconciliation uuid NOT NULL,
        id text COLLATE "C" NOT NULL,
        user_id text COLLATE "C",
        digest bytea NOT NULL,
        PRIMARY KEY (reconciliation, id)
      )`)
    await runner.query(`
      CREATE INDEX staged_communications_users_user
      ON kitter.staged_communications_users (reconciliation, user_id, id)`)
  }

  private async createSuspects(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE SEQUENCE kitter.suspect_numbers')
    await runner.query(`
      CREATE TABLE kitter.suspects (
        reconciliation uuid NOT NULL,
        round integer NOT NULL DEFAULT 0,
        number bigint NOT NULL,
        user_id text COLLATE "C",
        communications_id text COLLATE "C",
        PRIMARY KEY (reconciliation, number)
      )`)
  }
}
