import type { MigrationInterface, QueryRunner } from 'typeorm'

/** What any replica needs to settle an operation that another has left. */
export class JournalSteps1790000000004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE kitter.operations DROP CONSTRAINT operations_state_check')
    await runner.query(
      "UPDATE kitter.operations SET state = 'undone' WHERE state IN ('abandoned', 'open', 'unfinished')",
    )
    await runner.query('DELETE FROM kitter.operation_claims')
    await runner.query(`
      ALTER TABLE kitter.operations
        ADD CONSTRAINT operations_state_check CHECK (state IN ('open', 'settling', 'stuck', 'done', 'undone')),
        ADD COLUMN actor_name text NOT NULL DEFAULT '',
        ADD COLUMN turn integer NOT NULL DEFAULT 0,
        ADD COLUMN tries integer NOT NULL DEFAULT 0,
        ADD COLUMN settling text CHECK (settling IN ('undo', 'finish')),
        ADD COLUMN payload jsonb,
        ADD COLUMN learned jsonb NOT NULL DEFAULT '{}',
        ADD COLUMN steps jsonb NOT NULL DEFAULT '[]',
        ADD COLUMN removes_subject boolean NOT NULL DEFAULT false,
        ADD COLUMN effect_at timestamptz,
        ADD COLUMN carried boolean NOT NULL DEFAULT false`)
    await runner.query(
      "CREATE INDEX operations_unsettled ON kitter.operations (lease_until) WHERE state IN ('open', 'settling')",
    )
    await runner.query('CREATE INDEX operations_started ON kitter.operations (started_at, id)')
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX kitter.operations_started')
    await runner.query('DROP INDEX kitter.operations_unsettled')
    await runner.query('DELETE FROM kitter.operations')
    await runner.query(`
      ALTER TABLE kitter.operations
        DROP COLUMN actor_name, DROP COLUMN turn, DROP COLUMN tries, DROP COLUMN settling, DROP COLUMN payload,
        DROP COLUMN learned, DROP COLUMN steps, DROP COLUMN removes_subject, DROP COLUMN effect_at, DROP COLUMN carried,
        DROP CONSTRAINT operations_state_check,
        ADD CONSTRAINT operations_state_check CHECK (state IN ('open', 'done', 'abandoned', 'unfinished'))`)
  }
}
