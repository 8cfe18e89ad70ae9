import { Injectable } from '@nestjs/common'
import { IdempotencyKeys, type KeyedRequest, type KeyState, type KeyTurn, type Outcome } from '#core/idempotency'
import { Database } from './database.ts'
import { IdempotencyLease } from './idempotency-lease.ts'
import { fingerprintOf } from './postgres-idempotency-fingerprint.ts'
import { StoredSecret } from './stored-secret.ts'

const atOnce = 10_000

const ownTurn = 'id = $1 AND turn = $2 AND outcome IS NULL'
const isSettled = `state IN ('done', 'undone')`

interface FoundKey {
  readonly isSame: boolean
  readonly isRunning: boolean
  readonly outcome: Outcome | null
  readonly operation: string | null
}

@Injectable()
export class PostgresIdempotencyKeys extends IdempotencyKeys {
  override readonly leaseSeconds: number
  private readonly lease: string
  private readonly secret: StoredSecret

  constructor(
    private readonly database: Database,
    { seconds }: IdempotencyLease,
  ) {
    super()
    this.leaseSeconds = seconds
    this.secret = new StoredSecret(database, 'idempotency')
    this.lease = `make_interval(secs => ${seconds})`
  }

  /** A key that is let go between two looks is looked at again. */
  override async begin(request: KeyedRequest): Promise<KeyState> {
    const fingerprint = await this.fingerprint(request)
    for (let looks = 0; looks < 3; looks += 1) {
      const turn = await this.take(request, fingerprint)
      if (turn !== undefined) return { state: 'begun', turn }
      const found = await this.find(request, fingerprint)
      const state = found && stateOf(found)
      if (state !== undefined) return state
    }
    return { state: 'running' }
  }

  override async prolong({ id, turn }: KeyTurn): Promise<void> {
    const sql = `UPDATE kitter.idempotency_keys SET lease_until = now() + ${this.lease} WHERE ${ownTurn}`
    await this.database.rows(sql, id, turn)
  }

  /** The operation's own result, which may be about people, has done its duty then. */
  override async keep({ id, turn }: KeyTurn, outcome: Outcome): Promise<void> {
    await this.database.rows(
      `WITH kept AS (
        UPDATE kitter.idempotency_keys SET outcome = $3, lease_until = now(), seen_at = now() WHERE ${ownTurn} RETURNING id)
      UPDATE kitter.operations SET result = NULL
      FROM kept WHERE idempotency = kept.id AND state <> 'undone'`,
      id,
      turn,
      JSON.stringify(outcome),
    )
  }

  override async release({ id, turn }: KeyTurn): Promise<void> {
    await this.database.transaction(async (queries) => {
      const released = await queries.rows(
        `DELETE FROM kitter.idempotency_keys WHERE ${ownTurn}
          AND NOT EXISTS (SELECT FROM kitter.operations WHERE idempotency = $1 AND state <> 'undone') RETURNING id`,
        id,
        turn,
      )
      if (released.length > 0) return
      await queries.rows(`UPDATE kitter.idempotency_keys SET lease_until = now() WHERE ${ownTurn}`, id, turn)
    })
  }

  override async forget(keptSeconds: number): Promise<number> {
    const forgotten = await this.database.rows(
      `WITH old AS (
        SELECT id AS old_id FROM kitter.idempotency_keys
        WHERE seen_at < now() - make_interval(secs => $1) AND lease_until <= now()
          AND NOT EXISTS (SELECT FROM kitter.operations WHERE idempotency = idempotency_keys.id AND NOT ${isSettled})
        LIMIT ${atOnce} FOR UPDATE SKIP LOCKED),
      results AS (UPDATE kitter.operations SET result = NULL FROM old WHERE idempotency = old_id AND state <> 'undone')
      DELETE FROM kitter.idempotency_keys USING old WHERE id = old_id RETURNING id`,
      keptSeconds,
    )
    return forgotten.length
  }

  /** Takes a key that is new, or the same request's and left by whoever ran it. */
  private async take({ subject, key }: KeyedRequest, fingerprint: Buffer): Promise<KeyTurn | undefined> {
    const [turn] = await this.database.rows<KeyTurn>(
      `INSERT INTO kitter.idempotency_keys AS known (subject, key, id, fingerprint, lease_until)
      VALUES ($1, $2, gen_random_uuid(), $3, now() + ${this.lease})
      ON CONFLICT (subject, key) DO UPDATE
        SET turn = known.turn + 1, lease_until = excluded.lease_until, seen_at = now()
        WHERE known.outcome IS NULL AND known.lease_until <= now() AND known.fingerprint = excluded.fingerprint
          AND NOT EXISTS (SELECT FROM kitter.operations WHERE idempotency = known.id AND NOT ${isSettled})
      RETURNING id, turn`,
      subject,
      key,
      fingerprint,
    )
    return turn
  }

  private async find({ subject, key }: KeyedRequest, fingerprint: Buffer): Promise<FoundKey | undefined> {
    const [found] = await this.database.rows<FoundKey>(
      `SELECT fingerprint = $3 AS "isSame", lease_until > now() AS "isRunning", outcome,
        (SELECT operations.id FROM kitter.operations
         WHERE idempotency = idempotency_keys.id AND NOT ${isSettled}) AS operation
      FROM kitter.idempotency_keys WHERE subject = $1 AND key = $2`,
      subject,
      key,
      fingerprint,
    )
    return found
  }

  private async fingerprint(request: KeyedRequest): Promise<Buffer> {
    return fingerprintOf(request, await this.secret.read())
  }
}

/** Nothing where it could be taken now. */
function stateOf({ isSame, isRunning, outcome, operation }: FoundKey): KeyState | undefined {
  if (!isSame) return { state: 'used otherwise' }
  if (outcome !== null) return { state: 'answered', outcome }
  if (isRunning) return { state: 'running' }
  return operation === null ? undefined : { state: 'unsettled', operation }
}
