import { Injectable } from '@nestjs/common'
import { DomainError, type Transaction } from '#kernel'
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
  type Success,
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

/** Somebody had taken it over, was making it again, and was not heard of any more. */
const leftInLaterTurn = `carried AND turn > 0 AND settling IS DISTINCT FROM 'undo'`

/** Of what waits for a lock. */
const lockNotAvailable = '55P03'

/** What the audit trail is told of an operation that has ended; the subject may be known only now. */
const toldColumns = 'actor, actor_name, address, request_id, action, subject, outcome, operation'
const toldOf = (subject: string): string =>
  `actor, actor_name, address, request_id, kind, coalesce(${subject}, subject), state, id`

interface End extends Success {
  readonly state: 'done' | 'undone'
  readonly steps: readonly StepRecord[]
  readonly reason: string | null
}

interface Ended {
  readonly removesSubject: boolean
}

const unsettledColumns = `
  id, turn, kind, subject, payload, learned AS state, steps, settling, tries,
  coalesce(extract(epoch FROM now() - effect_at), 0)::float8 AS "secondsSinceEffect"`

@Injectable()
export class PostgresOperations extends Operations {
  private readonly lease: string
  private readonly keptUntil: string

  constructor(
    private readonly database: Database,
    { seconds }: JournalLease,
    retention: AuditRetention,
  ) {
    super()
    this.lease = `make_interval(secs => ${seconds})`
    this.keptUntil = `now() + make_interval(secs => ${retention.seconds})`
  }

  override async begin(entry: OperationEntry): Promise<readonly Claim[]> {
    try {
      return await this.tryToBegin(entry)
    } catch (error) {
      // somebody has been taking the same claims for long, and has perhaps stopped amid it
      if (isLocked(error)) return entry.claims.map(({ key, shared }) => ({ key, shared }))
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
    success: Success = {},
  ): Promise<void> {
    return this.database.transaction(async (queries) => {
      const { removesSubject } = await this.end(queries, turn, { state: 'done', steps, reason: null, ...success })
      await write(transactionOf(queries))
      if (removesSubject) await this.overtakeStuck(queries, turn)
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

  override async abandon(turn: Turn, steps: readonly StepRecord[], reason: string): Promise<void> {
    await this.end(this.database, turn, { state: 'undone', steps, reason })
  }

  override async release({ id, turn }: Turn): Promise<void> {
    await this.database.rows(`DELETE FROM kitter.operations WHERE ${ownTurn} AND payload IS NULL`, id, turn)
  }

  override async postpone({ id, turn }: Turn, { state, steps }: Progress, postponed: Postponed): Promise<void> {
    const { settling, reason, seconds, stuck, gaveUp = false } = postponed
    const written = await this.database.rows(
      `UPDATE kitter.operations SET state = $3, learned = $4, steps = $5, settling = coalesce($6, settling), reason = $7,
        lease_until = now() + make_interval(secs => $8), carried = false,
        effect_at = CASE WHEN $9 THEN now() ELSE effect_at END
      WHERE ${ownTurn} RETURNING id`,
      id,
      turn,
      stuck ? 'stuck' : 'settling',
      JSON.stringify(state),
      JSON.stringify(steps),
      settling ?? null,
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
      SET effect_at = CASE WHEN ${leftInLaterTurn} THEN lease_until - ${this.lease} ELSE effect_at END,
        state = 'settling', turn = turn + 1, tries = tries + 1, lease_until = now() + ${this.lease}, carried = true
      FROM due WHERE id = due_id
      RETURNING ${unsettledColumns}`,
        most,
      )
      .then((rows) => rows.map(withoutNulls))
  }

  /**
   * What it was about is forgotten: it may be personal, and nobody needs it any more. The refusal of the first turn is told
   * to its caller, and to the audit trail with it.
   */
  private async end(
    queries: Queries,
    { id, turn }: Turn,
    { state, steps, reason, result, change }: End,
  ): Promise<Ended> {
    const { subject, before, after } = change ?? {}
    const [ended] = await queries.rows<Ended>(
      `WITH ended AS (
        UPDATE kitter.operations SET state = $3, steps = $4, reason = $5, ended_at = now(), payload = NULL, learned = '{}',
          result = CASE WHEN idempotency IS NOT NULL THEN $6::json END
        WHERE ${ownTurn} RETURNING *),
      freed AS (DELETE FROM kitter.operation_claims WHERE operation = (SELECT id FROM ended)),
      told AS (
        INSERT INTO audit.entries (${toldColumns}, before, after, kept_until)
        SELECT ${toldOf('$7')}, $8::jsonb, $9::jsonb, ${this.keptUntil} FROM ended WHERE state = 'done' OR turn > 0)
      SELECT removes_subject AS "removesSubject" FROM ended`,
      ...[
        id,
        turn,
        state,
        JSON.stringify(steps),
        reason,
        textOf(result),
        subject ?? null,
        textOf(before),
        textOf(after),
      ],
    )
    if (ended === undefined) throw new TurnOver(id)
    return ended
  }

  /** With its subject, what was stuck about it is gone. */
  private async overtakeStuck(queries: Queries, { id }: Turn): Promise<void> {
    await queries.rows(
      `WITH overtaken AS (
        UPDATE kitter.operations SET state = 'undone', reason = 'its subject is gone', ended_at = now(), payload = NULL, learned = '{}'
        WHERE state = 'stuck' AND subject = (SELECT subject FROM kitter.operations WHERE id = $1) RETURNING *),
      freed AS (DELETE FROM kitter.operation_claims WHERE operation IN (SELECT id FROM overtaken))
      INSERT INTO audit.entries (${toldColumns}, kept_until) SELECT ${toldOf('NULL')}, ${this.keptUntil} FROM overtaken`,
      id,
    )
  }

  private tryToBegin(entry: OperationEntry): Promise<readonly Claim[]> {
    return this.database.transaction(async (queries) => {
      const needed = oncePerKey(entry.claims)
      await takeTurns(queries, needed)
      const held = await this.enter(queries, entry, needed)
      return entry.claims.filter(({ key }) => held.has(key)).map((claim) => heldClaim(claim, held))
    })
  }

  /**
   * Unless others hold some of the keys in a way that doesn't bear these claims: those keys until their operations are
   * settled, and whether those are still carried out by who began them. What is stuck doesn't keep its own subject from being
   * taken away.
   */
  private async enter(
    queries: Queries,
    { id, kind, subject, actor, removesSubject = false, idempotency }: OperationEntry,
    claims: readonly Claim[],
  ): Promise<ReadonlyMap<string, boolean>> {
    const rows = await queries.rows<{ readonly key: string; readonly isOpen: boolean }>(
      `WITH needed AS (SELECT * FROM unnest($10::text[], $11::boolean[]) AS claim (key, shared)),
      held AS (
        SELECT key, bool_and(operations.state = 'open') AS "isOpen"
        FROM kitter.operation_claims held JOIN needed USING (key) JOIN kitter.operations ON operations.id = held.operation
          AND NOT ($6 AND operations.state = 'stuck' AND operations.subject = $3)
        WHERE NOT (held.shared AND needed.shared) GROUP BY key),
      entered AS (
        INSERT INTO kitter.operations (id, kind, subject, actor, actor_name, removes_subject, idempotency, address, request_id, state, carried, lease_until)
        SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, 'open', true, now() + ${this.lease} WHERE NOT EXISTS (SELECT FROM held)
        RETURNING id),
      claimed AS (
        INSERT INTO kitter.operation_claims (operation, key, shared) SELECT entered.id, key, shared FROM entered, needed)
      SELECT key, "isOpen" FROM held`,
      ...[id, kind, subject, actor.subject, actor.name, removesSubject, idempotency ?? null],
      ...[actor.origin?.address ?? null, actor.origin?.requestId ?? null],
      claims.map(({ key }) => key),
      claims.map(({ shared }) => shared),
    )
    return new Map(rows.map(({ key, isOpen }) => [key, isOpen]))
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

/** A name that is held by what is being settled isn't taken: nobody may come to have it. */
function heldClaim({ taken, ...claim }: Claim, held: ReadonlyMap<string, boolean>): Claim {
  return taken === undefined || held.get(claim.key) !== true ? claim : { ...claim, taken }
}

/** As JSON, or as nothing. */
function textOf(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value)
}

function isLocked(error: unknown): boolean {
  const cause = error instanceof DomainError ? error.cause : undefined
  return cause instanceof StatementError && cause.sqlState === lockNotAvailable
}

function withoutNulls(row: Unsettled): Unsettled {
  return { ...row, payload: row.payload ?? undefined, settling: row.settling ?? undefined }
}
