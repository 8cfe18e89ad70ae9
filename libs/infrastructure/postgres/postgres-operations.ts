import { Injectable } from '@nestjs/common'
import type { Transaction } from '#kernel'
import type { Change } from '#core/audit'
import {
  type Claim,
  type Journalled,
  type OperationEntry,
  Operations,
  type Postponed,
  operationInProgress,
  type Progress,
  type Recalled,
  type Settling,
  type StepRecord,
  type Turn,
  TurnOver,
  type Unsettled,
} from '#core/provisioning'
import { AuditRetention } from './audit-retention.ts'
import { Database, type Queries } from './database.ts'
import { JournalLease } from './journal-lease.ts'
import { transactionOf } from './postgres-transaction.ts'
import { StatementError } from './statement-error.ts'

/** Advisory locks share one space of numbers; ours start here. */
const claimSeed = 7_100_301

/** In this turn, and not ended. */
const ownTurn = `id = $1 AND turn = $2 AND state IN ('open', 'settling')`

const unsettledColumns = `
  id, turn, kind, subject, payload, learned AS state, steps, settling, tries,
  coalesce(extract(epoch FROM now() - effect_at), 0)::float8 AS "secondsSinceEffect"`

@Injectable()
export class PostgresOperations extends Operations {
  private readonly lease: string

  constructor(
    private readonly database: Database,
    { seconds }: JournalLease,
    private readonly retention: AuditRetention,
  ) {
    super()
    this.lease = `make_interval(secs => ${seconds})`
  }

  override async begin(entry: OperationEntry): Promise<readonly Claim[]> {
    try {
      return await this.tryToBegin(entry)
    } catch (error) {
      const isRepeated = error instanceof StatementError && error.constraint === 'operations_idempotency'
      throw isRepeated ? operationInProgress() : error
    }
  }

  override async note(
    { id, turn }: Turn,
    { state, steps }: Progress,
    payload?: Journalled,
    settling?: Settling,
  ): Promise<void> {
    const noted = await this.database.rows(
      `UPDATE kitter.operations SET learned = $3, steps = $4, payload = coalesce($5::jsonb, payload),
        settling = coalesce($6, settling),
        effect_at = CASE WHEN turn = 0 AND $6::text IS NULL THEN now() ELSE effect_at END, lease_until = now() + ${this.lease}
      WHERE ${ownTurn} RETURNING id`,
      id,
      turn,
      JSON.stringify(state),
      JSON.stringify(steps),
      payload === undefined ? null : JSON.stringify(payload),
      settling ?? null,
    )
    if (noted.length === 0) throw new TurnOver(id)
  }

  override finish(
    turn: Turn,
    steps: readonly StepRecord[],
    write: (within: Transaction) => Promise<void>,
    result?: unknown,
    change: Change = {},
  ): Promise<void> {
    return this.database.transaction(async (queries) => {
      await end(queries, turn, { state: 'done', steps, reason: null, result })
      await write(transactionOf(queries))
      await this.tell(queries, [turn.id], change)
      await this.tell(queries, await overtakeStuck(queries, turn))
    })
  }

  override async recall(idempotency: string): Promise<Recalled | undefined> {
    const [recalled] = await this.database.rows<Recalled>(
      `SELECT id, state = 'done' AS "isDone", result FROM kitter.operations WHERE idempotency = $1 AND state <> 'undone'`,
      idempotency,
    )
    return recalled && { ...recalled, result: recalled.result ?? undefined }
  }

  override async isFinished(id: string): Promise<boolean> {
    // a commit may still be under way whose connection was lost: the lock waits for it
    const sql = 'SELECT state FROM kitter.operations WHERE id = $1 FOR SHARE'
    const [operation] = await this.database.rows<{ readonly state: string }>(sql, id)
    return operation?.state === 'done'
  }

  override abandon(turn: Turn, steps: readonly StepRecord[], reason: string): Promise<void> {
    return this.database.transaction(async (queries) => {
      await end(queries, turn, { state: 'undone', steps, reason })
      // the refusal of the first turn is told to its caller, and to the audit trail with it
      if (turn.turn > 0) await this.tell(queries, [turn.id])
    })
  }

  override async postpone({ id, turn }: Turn, { state, steps }: Progress, postponed: Postponed): Promise<void> {
    const { settling, reason, seconds, stuck, gaveUp = false } = postponed
    const written = await this.database.rows(
      `UPDATE kitter.operations SET state = $3, learned = $4, steps = $5, settling = $6, reason = $7,
        lease_until = now() + make_interval(secs => $8), carried = false,
        effect_at = CASE WHEN $9 THEN now() ELSE effect_at END
      WHERE ${ownTurn} RETURNING id`,
      id,
      turn,
      stuck ? 'stuck' : 'settling',
      JSON.stringify(state),
      JSON.stringify(steps),
      settling,
      reason,
      seconds,
      gaveUp,
    )
    if (written.length === 0) throw new TurnOver(id)
  }

  override takeOver(most: number): Promise<readonly Unsettled[]> {
    return this.database
      .rows<Unsettled>(
        `WITH due AS (
        SELECT id AS due_id FROM kitter.operations WHERE state IN ('open', 'settling') AND lease_until <= now()
        ORDER BY lease_until LIMIT $1 FOR UPDATE SKIP LOCKED)
      UPDATE kitter.operations
      SET state = 'settling', turn = turn + 1, tries = tries + 1, lease_until = now() + ${this.lease}, carried = true
      FROM due WHERE id = due_id
      RETURNING ${unsettledColumns}`,
        most,
      )
      .then((rows) => rows.map(withoutNulls))
  }

  /** The audit trail's entries of operations that have ended. */
  private async tell(queries: Queries, ids: readonly string[], { subject, before, after }: Change = {}): Promise<void> {
    if (ids.length === 0) return
    await queries.rows(
      `INSERT INTO audit.entries
        (actor, actor_name, address, request_id, action, subject, outcome, operation, before, after, kept_until)
      SELECT actor, actor_name, address, request_id, kind, coalesce($2, subject), state, id, $3::jsonb, $4::jsonb,
        now() + make_interval(secs => $5)
      FROM kitter.operations WHERE id = ANY ($1)`,
      ids,
      subject ?? null,
      before === undefined ? null : JSON.stringify(before),
      after === undefined ? null : JSON.stringify(after),
      this.retention.seconds,
    )
  }

  private tryToBegin(entry: OperationEntry): Promise<readonly Claim[]> {
    return this.database.transaction(async (queries) => {
      const needed = oncePerKey(entry.claims)
      await takeTurns(queries, needed)
      const held = await heldByOthers(queries, needed, entry)
      if (held.size === 0) await this.enter(queries, entry, needed)
      return entry.claims.filter(({ key }) => held.has(key)).map((claim) => heldClaim(claim, held))
    })
  }

  private async enter(
    queries: Queries,
    { id, kind, subject, actor, removesSubject = false, idempotency }: OperationEntry,
    claims: readonly Claim[],
  ): Promise<void> {
    await queries.rows(
      `INSERT INTO kitter.operations (id, kind, subject, actor, actor_name, removes_subject, idempotency, address, request_id, state, carried, lease_until)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'open', true, now() + ${this.lease})`,
      id,
      kind,
      subject,
      actor.subject,
      actor.name,
      removesSubject,
      idempotency ?? null,
      actor.origin?.address ?? null,
      actor.origin?.requestId ?? null,
    )
    await queries.rows(
      'INSERT INTO kitter.operation_claims (operation, key, shared) SELECT $1, key, shared FROM unnest($2::text[], $3::boolean[]) AS claim (key, shared)',
      id,
      claims.map(({ key }) => key),
      claims.map(({ shared }) => shared),
    )
  }
}

/** A key that is named twice is claimed alone if it is so once. */
function oncePerKey(claims: readonly Claim[]): readonly Claim[] {
  const keys = new Map<string, boolean>()
  for (const { key, shared } of claims) keys.set(key, shared && (keys.get(key) ?? true))
  return [...keys].map(([key, shared]) => ({ key, shared }))
}

/**
 * Whoever claims the same keys alone waits here until this transaction ends, and this one for them; all take them in the
 * same order.
 */
async function takeTurns(queries: Queries, claims: readonly Claim[]): Promise<void> {
  const sql = `
    SELECT CASE WHEN shared THEN pg_advisory_xact_lock_shared(lock) ELSE pg_advisory_xact_lock(lock) END FROM (
      SELECT hashtextextended(key, ${claimSeed}) AS lock, bool_and(shared) AS shared
      FROM unnest($1::text[], $2::boolean[]) AS claim (key, shared) GROUP BY lock ORDER BY lock
    ) AS locks`
  await queries.rows(
    sql,
    claims.map(({ key }) => key),
    claims.map(({ shared }) => shared),
  )
}

/**
 * The keys that others hold in a way that doesn't bear these claims, until their operations are settled, and whether those
 * are still carried out by who began them. What is stuck
 * doesn't keep its own subject from being taken away.
 */
async function heldByOthers(
  queries: Queries,
  claims: readonly Claim[],
  { subject, removesSubject = false }: OperationEntry,
): Promise<ReadonlyMap<string, boolean>> {
  const sql = `
    SELECT held.key, bool_and(operations.state = 'open') AS "isOpen" FROM kitter.operation_claims held
    JOIN kitter.operations ON operations.id = held.operation
      AND NOT ($3 AND operations.state = 'stuck' AND operations.subject = $4)
    WHERE held.key = ANY ($1) AND NOT (held.shared AND held.key = ANY ($2)) GROUP BY held.key`
  const shared = claims.filter((claim) => claim.shared)
  const rows: { key: string; isOpen: boolean }[] = await queries.rows(
    sql,
    claims.map(({ key }) => key),
    shared.map(({ key }) => key),
    removesSubject,
    subject,
  )
  return new Map(rows.map(({ key, isOpen }) => [key, isOpen]))
}

/** A name that is held by what is being settled isn't taken: nobody may come to have it. */
function heldClaim({ taken, ...claim }: Claim, held: ReadonlyMap<string, boolean>): Claim {
  return taken === undefined || held.get(claim.key) !== true ? claim : { ...claim, taken }
}

interface End {
  readonly state: 'done' | 'undone'
  readonly steps: readonly StepRecord[]
  readonly reason: string | null
  readonly result?: unknown
}

/** What it was about is forgotten: it may be personal, and nobody needs it any more. */
async function end(queries: Queries, { id, turn }: Turn, { state, steps, reason, result }: End): Promise<void> {
  const ended = await queries.rows(
    `UPDATE kitter.operations SET state = $3, steps = $4, reason = $5, ended_at = now(), payload = NULL, learned = '{}',
      result = CASE WHEN idempotency IS NOT NULL THEN $6::json END
    WHERE ${ownTurn} RETURNING id`,
    id,
    turn,
    state,
    JSON.stringify(steps),
    reason,
    result === undefined ? null : JSON.stringify(result),
  )
  if (ended.length === 0) throw new TurnOver(id)
  await queries.rows('DELETE FROM kitter.operation_claims WHERE operation = $1', id)
}

/** With its subject, what was stuck about it is gone: which operations. */
async function overtakeStuck(queries: Queries, { id }: Turn): Promise<readonly string[]> {
  const rows = await queries.rows<{ readonly id: string }>(
    `WITH overtaken AS (
      UPDATE kitter.operations SET state = 'undone', reason = 'its subject is gone', ended_at = now(), payload = NULL, learned = '{}'
      WHERE state = 'stuck' AND subject = (SELECT subject FROM kitter.operations WHERE id = $1 AND removes_subject)
      RETURNING id),
    freed AS (DELETE FROM kitter.operation_claims WHERE operation IN (SELECT id FROM overtaken))
    SELECT id FROM overtaken`,
    id,
  )
  return rows.map((row) => row.id)
}

function withoutNulls(row: Unsettled): Unsettled {
  return { ...row, payload: row.payload ?? undefined, settling: row.settling ?? undefined }
}
