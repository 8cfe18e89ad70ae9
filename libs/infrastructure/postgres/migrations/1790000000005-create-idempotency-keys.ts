import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * What became of requests that came with a key, and of their operations. `json`, for it keeps the order of the fields; of
 * one request at most one operation is open or done.
 */
export class CreateIdempotencyKeys1790000000005 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE kitter.secrets (name text PRIMARY KEY, value bytea NOT NULL)')
    await runner.query(`
      CREATE TABLE kitter.idempotency_keys (
        subject text COLLATE "C" NOT NULL,
        key text COLLATE "C" NOT NULL,
        id uuid NOT NULL CONSTRAINT idempotency_keys_id_key UNIQUE,
        turn integer NOT NULL DEFAULT 0,
        fingerprint bytea NOT NULL,
        lease_until timestamptz NOT NULL,
        outcome json,
        seen_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (subject, key)
      )`)
    await runner.query('CREATE INDEX idempotency_keys_seen ON kitter.idempotency_keys (seen_at)')
    await runner.query('ALTER TABLE kitter.operations ADD COLUMN idempotency uuid, ADD COLUMN result json')
    await runner.query(
      "CREATE UNIQUE INDEX operations_idempotency ON kitter.operations (idempotency) WHERE idempotency IS NOT NULL AND state <> 'undone'",
    )
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE kitter.operations DROP COLUMN idempotency, DROP COLUMN result')
    await runner.query('DROP TABLE kitter.idempotency_keys')
    await runner.query('DROP TABLE kitter.secrets')
  }
}
