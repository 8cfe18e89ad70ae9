import { Injectable } from '@nestjs/common'
import type { Transaction } from '#kernel'
import {
  type Claim,
  type Journalled,
  type OperationEntry,
  Operations,
  type Postponed,
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
import { Database } from './database.ts'
import { GroupedCalls } from './grouped-calls.ts'
import { JournalEntrance } from './journal-entrance.ts'
import { JournalLease } from './journal-lease.ts'
import { type End, endAll, keyOf, type Note, noteAll, toldColumns, toldOf } from './journal-words.ts'
import { transactionOf } from './postgres-transaction.ts'
import type { Queries } from './queries.ts'

/** In this turn, and not ended. */
const ownTurn = `id = $1 AND turn = $2 AND state IN ('open', 'settling')`

/** Somebody had taken it over, was making it again, and was not heard of any more. */
const leftInLaterTurn = `carried AND turn > 0 AND settling IS DISTINCT FROM 'undo'`

interface Finish extends End {
  readonly write: (within: Transaction) => Promise<void>
}

const unsettledColumns = `
  id, turn, kind, subject, payload, learned AS state, steps, settling, tries,
  coalesce(extract(epoch FROM now() - effect_at), 0)::float8 AS "secondsSinceEffect"`

@Injectable()
export class PostgresOperations extends Operations {
  private readonly lease: string
  private readonly keptUntil: string
  private readonly entrance: JournalEntrance
  private readonly notes: GroupedCalls<Note, boolean>
  private readonly finishes: GroupedCalls<Finish, boolean>

  constructor(
    private readonly database: Database,
    { seconds, together }: JournalLease,
    retention: AuditRetention,
  ) {
    super()
    this.lease = `make_interval(secs => ${seconds})`
    this.keptUntil = `now() + make_interval(secs => ${retention.seconds})`
    this.entrance = new JournalEntrance(database, this.lease, together)
    this.notes = new GroupedCalls((notes) => this.noteGroup(notes), together)
    this.finishes = new GroupedCalls((finishes) => this.finishGroup(finishes), together)
  }

  override begin(entry: OperationEntry): Promise<readonly Claim[]> {
    return this.entrance.begin(entry)
  }

  override async note(turn: Turn, progress: Progress, payload?: Journalled, settling?: Settling): Promise<void> {
    if (!(await this.notes.make({ turn, progress, payload, settling }))) throw new TurnOver(turn.id)
  }

  override async finish(
    turn: Turn,
    steps: readonly StepRecord[],
    write: (within: Transaction) => Promise<void>,
    success: Success = {},
  ): Promise<void> {
    const isEnded = await this.finishes.make({ turn, state: 'done', steps, reason: null, ...success, write })
    if (!isEnded) throw new TurnOver(turn.id)
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
    const ended = await endAll(this.database, [{ turn, state: 'undone', steps, reason }], this.keptUntil)
    if (!ended.has(keyOf(turn))) throw new TurnOver(turn.id)
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

  private async noteGroup(notes: readonly Note[]): Promise<readonly boolean[]> {
    const noted = await noteAll(this.database, notes, this.lease)
    return notes.map(({ turn }) => noted.has(keyOf(turn)))
  }

  private finishGroup(finishes: readonly Finish[]): Promise<readonly boolean[]> {
    return this.database.transaction(async (queries) => {
      const ended = new Map(await endAll(queries, finishes, this.keptUntil))
      const outcomes: boolean[] = []
      for (const { turn, write } of finishes) {
        const end = ended.get(keyOf(turn))
        // who says it twice has it written once
        outcomes.push(ended.delete(keyOf(turn)))
        if (end === undefined) continue
        await write(transactionOf(queries))
        if (end.removesSubject) await this.overtakeStuck(queries, turn)
      }
      return outcomes
    })
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
}

function withoutNulls(row: Unsettled): Unsettled {
  return { ...row, payload: row.payload ?? undefined, settling: row.settling ?? undefined }
}
