import type { MigrationInterface, QueryRunner } from 'typeorm'

/** Imports, their files until they are done, and what came of their rows. */
export class CreateImports1790000000009 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await this.createImports(runner)
    await this.createChunks(runner)
    await this.createRows(runner)
    await this.createNames(runner)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE kitter.import_names, kitter.import_rows, kitter.import_chunks, kitter.imports')
  }

  /** `at_offset`, `at_line` and `at_row`: what lies before is done. */
  private async createImports(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE kitter.imports (
        id uuid PRIMARY KEY,
        format text NOT NULL,
        policy jsonb NOT NULL,
        columns jsonb NOT NULL DEFAULT '[]',
        started_by jsonb NOT NULL,
        state text NOT NULL DEFAULT 'receiving'
          CHECK (state IN ('receiving', 'running', 'paused', 'done', 'cancelled')),
        size bigint NOT NULL DEFAULT 0,
        at_offset bigint NOT NULL DEFAULT 0,
        at_line bigint NOT NULL DEFAULT 1,
        at_row bigint NOT NULL DEFAULT 0,
        counts jsonb NOT NULL,
        worked_seconds float8 NOT NULL DEFAULT 0,
        turn integer NOT NULL DEFAULT 1,
        tries integer NOT NULL DEFAULT 0,
        lease_until timestamptz NOT NULL,
        started_at timestamptz NOT NULL DEFAULT now(),
        ended_at timestamptz,
        last_error text
      )`)
    await runner.query('CREATE INDEX imports_started ON kitter.imports (started_at, id)')
    await runner.query('CREATE INDEX imports_ended ON kitter.imports (ended_at)')
    await runner.query(`
      CREATE INDEX imports_open ON kitter.imports (lease_until) WHERE state IN ('receiving', 'running')`)
  }

  /** No foreign keys here, which would be checked row by row. Files aren't compressed: it would cost more than it saves. */
  private async createChunks(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE kitter.import_chunks (
        import uuid NOT NULL,
        upto bigint NOT NULL,
        bytes bytea NOT NULL,
        PRIMARY KEY (import, upto)
      )`)
    await runner.query('ALTER TABLE kitter.import_chunks ALTER COLUMN bytes SET STORAGE EXTERNAL')
  }

  private async createRows(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE kitter.import_rows (
        import uuid NOT NULL,
        row bigint NOT NULL,
        line bigint NOT NULL,
        start bigint NOT NULL,
        outcome text NOT NULL,
        code text,
        sentence text,
        username text,
        PRIMARY KEY (import, row)
      )`)
    await runner.query(`
      CREATE INDEX import_rows_outcome ON kitter.import_rows (import, outcome, row) WHERE outcome <> 'created'`)
  }

  /** What the rows of dry runs would take. */
  private async createNames(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE kitter.import_names (
        import uuid NOT NULL,
        name text COLLATE "C" NOT NULL,
        by text COLLATE "C" NOT NULL,
        PRIMARY KEY (import, name)
      )`)
  }
}
