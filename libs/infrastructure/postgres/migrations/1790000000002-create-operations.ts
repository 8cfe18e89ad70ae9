import type { MigrationInterface, QueryRunner } from 'typeorm'

/** The journal of operations, and what they claim while they run. */
export class CreateOperations1790000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE kitter.operations (
        id uuid PRIMARY KEY,
        kind text NOT NULL,
        subject text COLLATE "C" NOT NULL,
        actor text NOT NULL,
        state text NOT NULL CHECK (state IN ('open', 'done', 'abandoned', 'unfinished')),
        reason text,
        started_at timestamptz NOT NULL DEFAULT now(),
        lease_until timestamptz NOT NULL,
        ended_at timestamptz
      )`)
    await runner.query('CREATE INDEX operations_subject ON kitter.operations (subject)')
    await runner.query(`
      CREATE TABLE kitter.operation_claims (
        key text COLLATE "C" NOT NULL,
        operation uuid NOT NULL REFERENCES kitter.operations (id) ON DELETE CASCADE,
        shared boolean NOT NULL,
        PRIMARY KEY (key, operation)
      )`)
    await runner.query('CREATE INDEX operation_claims_operation ON kitter.operation_claims (operation)')
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE kitter.operation_claims')
    await runner.query('DROP TABLE kitter.operations')
  }
}
