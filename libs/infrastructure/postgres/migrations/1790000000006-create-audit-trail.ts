import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * The audit trail, in a schema of its own, for whoever may read it may not have rights on the rest. Postgres itself refuses
 * to change an entry, to remove it before its time, and to empty the table, also to the table's owner and to sessions that
 * have triggers switched off (`ENABLE ALWAYS`). An entry carries its time itself: no setting shortens it.
 */
export class CreateAuditTrail1790000000006 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE SCHEMA audit')
    await runner.query(`
      CREATE TABLE audit.entries (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        at timestamptz NOT NULL DEFAULT now(),
        kept_until timestamptz NOT NULL,
        actor text NOT NULL,
        actor_name text NOT NULL,
        address text,
        request_id text,
        action text NOT NULL,
        subject text COLLATE "C",
        outcome text NOT NULL CHECK (outcome IN ('done', 'refused', 'undone', 'unknown')),
        code text,
        operation uuid,
        before jsonb,
        after jsonb
      )`)
    await runner.query('CREATE INDEX entries_order ON audit.entries (at, id)')
    await runner.query('CREATE INDEX entries_actor ON audit.entries (actor, at, id)')
    await runner.query('CREATE INDEX entries_actor_name ON audit.entries (actor_name, at, id)')
    await runner.query('CREATE INDEX entries_subject ON audit.entries (subject, at, id)')
    await runner.query('CREATE INDEX entries_kept_until ON audit.entries (kept_until)')
    await this.makeAppendOnly(runner)
    await this.readJournal(runner)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX kitter.operations_actor, kitter.operations_ended, kitter.operations_stuck')
    await runner.query('ALTER TABLE kitter.operations DROP COLUMN address, DROP COLUMN request_id')
    await runner.query('DROP SCHEMA audit CASCADE')
  }

  private async makeAppendOnly(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE FUNCTION audit.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF TG_OP = 'DELETE' THEN
          IF OLD.kept_until <= now() THEN RETURN OLD; END IF;
        END IF;
        RAISE EXCEPTION 'the audit trail is append-only' USING ERRCODE = 'insufficient_privilege';
      END $$`)
    await runner.query(`
      CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit.entries
      FOR EACH ROW EXECUTE FUNCTION audit.refuse()`)
    await runner.query(`
      CREATE TRIGGER never_emptied BEFORE TRUNCATE ON audit.entries
      FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse()`)
    await runner.query('ALTER TABLE audit.entries ENABLE ALWAYS TRIGGER append_only')
    await runner.query('ALTER TABLE audit.entries ENABLE ALWAYS TRIGGER never_emptied')
  }

  /** From where an operation was asked for, and what the journal is asked. */
  private async readJournal(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE kitter.operations ADD COLUMN address text, ADD COLUMN request_id text')
    await runner.query('CREATE INDEX operations_actor ON kitter.operations (actor, started_at, id)')
    await runner.query(
      "CREATE INDEX operations_ended ON kitter.operations (ended_at) WHERE state IN ('done', 'undone')",
    )
    await runner.query("CREATE INDEX operations_stuck ON kitter.operations (subject) WHERE state = 'stuck'")
  }
}
