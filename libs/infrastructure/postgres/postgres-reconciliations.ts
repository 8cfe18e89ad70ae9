import { Injectable } from '@nestjs/common'
import type { Page } from '#kernel'
import {
  type Counts,
  type NewReconciliation,
  nothingCounted,
  type Outcome,
  type Phase,
  phases,
  type Reconciliation,
  reconciliationRunning,
  Reconciliations,
  type Shift,
  ShiftOver,
  type TakenReconciliation,
  type ToldDifference,
} from '#core/reconciliation'
import { Conditions } from './conditions.ts'
import { Database } from './database.ts'
import { deleteGradually } from './delete-gradually.ts'
import { forgetStaged } from './forget-staged.ts'
import { reconciliationColumns, reconciliationOf, type ReconciliationRow } from './reconciliation-row.ts'
import { ReconciliationLease } from './reconciliation-lease.ts'
import { StatementError } from './statement-error.ts'
import { storableJson, storableText } from './storable.ts'

const ownShift = `id = $1 AND turn = $2 AND state = 'running'`
const isOld = `state <> 'running' AND ended_at < now() - make_interval(secs => $1)`

@Injectable()
export class PostgresReconciliations extends Reconciliations {
  private readonly lease: string

  constructor(
    private readonly database: Database,
    { seconds }: ReconciliationLease,
  ) {
    super()
    this.lease = `make_interval(secs => ${seconds})`
  }

  override async add({ id, domain, policy, startedBy }: NewReconciliation): Promise<Reconciliation> {
    const sql = `
      INSERT INTO kitter.reconciliations (id, domain, policy, started_by, phase, counts)
      VALUES ($1, $2, $3, $4, $5, $6) RETURNING ${reconciliationColumns}`
    try {
      const json = [policy, startedBy].map(storableJson)
      const first = [phases[0], JSON.stringify(nothingCounted)]
      const [row] = await this.database.rows<ReconciliationRow>(sql, id, domain ?? null, ...json, ...first)
      if (row === undefined) throw new Error(`reconciliation ${id} wasn't kept`)
      return reconciliationOf(row)
    } catch (error) {
      const isRunning = error instanceof StatementError && error.constraint === 'reconciliations_running'
      throw isRunning ? reconciliationRunning() : error
    }
  }

  override async list({
    max,
    page,
  }: Page): Promise<{ readonly reconciliations: readonly Reconciliation[]; readonly total: number }> {
    const [rows, [counted]] = await Promise.all([
      this.database.rows<ReconciliationRow>(`
        SELECT ${reconciliationColumns} FROM kitter.reconciliations
        ORDER BY started_at DESC, id DESC LIMIT ${max} OFFSET ${max * page}`),
      this.database.rows<{ readonly total: number }>('SELECT count(*)::int AS total FROM kitter.reconciliations'),
    ])
    return { reconciliations: rows.map(reconciliationOf), total: counted?.total ?? 0 }
  }

  override async find(id: string): Promise<Reconciliation | undefined> {
    const sql = `SELECT ${reconciliationColumns} FROM kitter.reconciliations WHERE id = $1`
    const [row] = await this.database.rows<ReconciliationRow>(sql, id)
    return row && reconciliationOf(row)
  }

  override async cancel(id: string): Promise<boolean> {
    const cancelled = await this.database.rows(
      `UPDATE kitter.reconciliations SET state = 'cancelled', ended_at = now() WHERE id = $1 AND state = 'running'
      RETURNING id`,
      id,
    )
    return cancelled.length > 0
  }

  override async listDifferences(
    id: string,
    outcome: Outcome | undefined,
    { max, page }: Page,
  ): Promise<{ readonly differences: readonly ToldDifference[]; readonly total: number }> {
    const { where, parameters } = new Conditions()
      .and((value) => `reconciliation = ${value(id)}`)
      .given(outcome, (value) => `outcome = ${value}`)
    const from = `FROM kitter.reconciliation_differences ${where}`
    const [rows, [counted]] = await Promise.all([
      this.database.rows<{ readonly difference: ToldDifference }>(
        `SELECT difference ${from} ORDER BY number LIMIT ${max} OFFSET ${max * page}`,
        ...parameters,
      ),
      this.database.rows<{ readonly total: number }>(`SELECT count(*)::int AS total ${from}`, ...parameters),
    ])
    return { differences: rows.map(({ difference }) => difference), total: counted?.total ?? 0 }
  }

  override async takeOver(): Promise<TakenReconciliation | undefined> {
    const [taken] = await this.database.rows<ReconciliationRow & { readonly turn: number; readonly tries: number }>(
      `UPDATE kitter.reconciliations SET turn = turn + 1, tries = tries + 1, lease_until = now() + ${this.lease}
      WHERE id = (
        SELECT id FROM kitter.reconciliations WHERE state = 'running' AND lease_until <= now()
        FOR UPDATE SKIP LOCKED)
      RETURNING turn, tries, ${reconciliationColumns}`,
    )
    if (taken === undefined) return undefined
    return { id: taken.id, turn: taken.turn, tries: taken.tries, reconciliation: reconciliationOf(taken) }
  }

  /** It has gone on when it's further than it ever was: a scan that begins anew isn't. */
  override async note(shift: Shift, phase: Phase, counts: Counts): Promise<void> {
    const reached = [phases.indexOf(phase), workIn(counts)]
    await this.write(
      shift,
      `phase = $3, counts = $4, lease_until = now() + ${this.lease}, furthest = greatest(furthest, $5::bigint[]),
      tries = CASE WHEN furthest < $5 THEN 0 ELSE tries END`,
      phase,
      JSON.stringify(counts),
      reached,
    )
  }

  override async renew(shift: Shift): Promise<void> {
    await this.write(shift, `lease_until = now() + ${this.lease}`)
  }

  override async tell({ id, turn }: Shift, difference: ToldDifference): Promise<void> {
    const told = await this.database.rows(
      `WITH shift AS (
        UPDATE kitter.reconciliations SET lease_until = now() + ${this.lease} WHERE ${ownShift} RETURNING id)
      INSERT INTO kitter.reconciliation_differences (reconciliation, about, subject, outcome, difference)
      SELECT id, $3, $4, $5, $6 FROM shift
      ON CONFLICT (reconciliation, about, subject)
        DO UPDATE SET outcome = excluded.outcome, difference = excluded.difference
      RETURNING number`,
      id,
      turn,
      difference.about,
      storableText(difference.id),
      difference.outcome,
      storableJson(difference),
    )
    if (told.length === 0) throw new ShiftOver(id)
  }

  override async told(
    id: string,
    about: ToldDifference['about'],
    subject: string,
  ): Promise<ToldDifference | undefined> {
    const [row] = await this.database.rows<{ readonly difference: ToldDifference }>(
      `SELECT difference FROM kitter.reconciliation_differences
      WHERE reconciliation = $1 AND about = $2 AND subject = $3`,
      id,
      about,
      storableText(subject),
    )
    return row?.difference
  }

  override async postpone(shift: Shift, reason: string, seconds: number): Promise<void> {
    const set = 'last_error = $3, lease_until = now() + make_interval(secs => $4)'
    await this.write(shift, set, storableText(reason), seconds)
  }

  /** What kept one that is done from going on doesn't matter any more. */
  override async end(shift: Shift, state: 'done' | 'failed', reason?: string): Promise<void> {
    const set = `state = $3, ended_at = now(), last_error = CASE WHEN $3 = 'done' THEN $4 ELSE coalesce($4, last_error) END`
    await this.write(shift, set, state, reason === undefined ? null : storableText(reason))
  }

  /** Also what was staged for those whose replica died before it took that away. */
  override async forgetSome(endedSecondsAgo: number): Promise<number> {
    const ended = "reconciliation = ANY (ARRAY(SELECT id FROM kitter.reconciliations WHERE state <> 'running'))"
    await forgetStaged(this.database, ended)
    const old = `reconciliation = ANY (ARRAY(SELECT id FROM kitter.reconciliations WHERE ${isOld}))`
    await deleteGradually(this.database, 'kitter.reconciliation_differences', old, endedSecondsAgo)
    const sql = `DELETE FROM kitter.reconciliations WHERE ${isOld} RETURNING id`
    return (await this.database.rows(sql, endedSecondsAgo)).length
  }

  private async write({ id, turn }: Shift, set: string, ...parameters: readonly unknown[]): Promise<void> {
    const sql = `UPDATE kitter.reconciliations SET ${set} WHERE ${ownShift} RETURNING id`
    const written = await this.database.rows(sql, id, turn, ...parameters)
    if (written.length === 0) throw new ShiftOver(id)
  }
}

function workIn({ accounts, communicationsUsers, suspects, checked, busy }: Counts): number {
  return accounts + communicationsUsers + suspects + checked + busy
}
