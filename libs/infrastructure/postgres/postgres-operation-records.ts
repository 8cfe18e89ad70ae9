import { Injectable } from '@nestjs/common'
import type { Page } from '#kernel'
import {
  lookKind,
  type OperationFilter,
  OperationRecords,
  type OperationReport,
  type StepRecord,
  type UnsettledState,
} from '#core/provisioning'
import { Conditions } from './conditions.ts'
import { Database } from './database.ts'

interface OperationRow {
  readonly id: string
  readonly kind: string
  readonly subject: string
  readonly actor: string
  readonly actor_name: string
  readonly state: OperationReport['state']
  readonly started_at: Date
  readonly ended_at: Date | null
  readonly tries: number
  readonly lease_until: Date
  readonly reason: string | null
  readonly steps: readonly StepRecord[]
}

const columns = 'id, kind, subject, actor, actor_name, state, started_at, ended_at, tries, lease_until, reason, steps'
const atOnce = 10_000

@Injectable()
export class PostgresOperationRecords extends OperationRecords {
  constructor(private readonly database: Database) {
    super()
  }

  override async list(
    { state, subject, since, askedBy }: OperationFilter,
    { max, page }: Page,
  ): Promise<{ readonly operations: readonly OperationReport[]; readonly total: number }> {
    const { where, parameters } = new Conditions()
      .and((value) => `kind <> ${value(lookKind)}`)
      .given(state, (value) => `state = ${value}`)
      .given(subject, (value) => `subject = ${value}`)
      .given(since, (value) => `started_at >= ${value}`)
      .given(askedBy, (value) => `actor = ${value}`)
    const [rows, [counted]] = await Promise.all([
      this.database.rows<OperationRow>(
        `SELECT ${columns} FROM kitter.operations ${where}
        ORDER BY started_at DESC, id DESC LIMIT ${max} OFFSET ${max * page}`,
        ...parameters,
      ),
      this.database.rows<{ readonly total: number }>(
        `SELECT count(*)::int AS total FROM kitter.operations ${where}`,
        ...parameters,
      ),
    ])
    return { operations: rows.map(reportOf), total: counted?.total ?? 0 }
  }

  override async find(id: string): Promise<OperationReport | undefined> {
    const [row] = await this.database.rows<OperationRow>(`SELECT ${columns} FROM kitter.operations WHERE id = $1`, id)
    return row && reportOf(row)
  }

  /** What somebody carries on at this moment is being tried already. */
  override async retry(id: string): Promise<void> {
    await this.database.rows(
      `UPDATE kitter.operations SET state = 'settling', tries = 0, lease_until = now()
      WHERE id = $1 AND state IN ('settling', 'stuck') AND NOT carried`,
      id,
    )
  }

  override async countUnsettled(): Promise<Readonly<Record<UnsettledState, number>>> {
    // two indexes have all of them, and nothing else
    const rows = await this.database.rows<{ readonly state: UnsettledState; readonly count: number }>(`
      SELECT state, count(*)::int AS count FROM kitter.operations WHERE state IN ('open', 'settling') AND kind <> '${lookKind}' GROUP BY state
      UNION ALL SELECT 'stuck', count(*)::int FROM kitter.operations WHERE state = 'stuck'`)
    const counts = { open: 0, settling: 0, stuck: 0 }
    for (const { state, count } of rows) counts[state] = count
    return counts
  }

  /** What an `Idempotency-Key` still leads to stays: without it, the request would be done again. */
  override async forgetSome(endedSecondsAgo: number): Promise<number> {
    const forgotten = await this.database.rows(
      `DELETE FROM kitter.operations WHERE id IN (
        SELECT id FROM kitter.operations
        WHERE state IN ('done', 'undone') AND ended_at < now() - make_interval(secs => $1)
          AND NOT EXISTS (SELECT FROM kitter.idempotency_keys WHERE idempotency_keys.id = operations.idempotency)
        LIMIT ${atOnce} FOR UPDATE SKIP LOCKED)
      RETURNING id`,
      endedSecondsAgo,
    )
    return forgotten.length
  }
}

function reportOf(row: OperationRow): OperationReport {
  const { id, kind, subject, actor, actor_name: name, state, tries, steps } = row
  return {
    id,
    kind,
    subject,
    actor: { id: actor, name },
    state,
    startedAt: row.started_at,
    endedAt: row.ended_at ?? undefined,
    tries,
    nextTryAt: state === 'settling' ? row.lease_until : undefined,
    lastError: row.reason ?? undefined,
    steps,
  }
}
