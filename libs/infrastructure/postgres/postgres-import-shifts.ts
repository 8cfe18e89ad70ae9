import { Injectable } from '@nestjs/common'
import {
  ImportShifts,
  type Progress,
  type Shift,
  ShiftOver,
  type TakenImport,
  type UnsettledRow,
  type WrittenRow,
} from '#core/imports'
import { Database } from './database.ts'
import { ImportLease } from './import-lease.ts'
import { importColumns, importOf, type ImportRow } from './import-row.ts'
import type { Queries } from './queries.ts'
import { storableText } from './storable.ts'

const ownShift = `id = $1 AND turn = $2 AND state = 'running'`
const waits = `state = 'running' AND lease_until <= now()`
const unsettledAtOnce = 100

@Injectable()
export class PostgresImportShifts extends ImportShifts {
  private readonly lease: string

  constructor(
    private readonly database: Database,
    { seconds }: ImportLease,
  ) {
    super()
    this.lease = `make_interval(secs => ${seconds})`
  }

  override async takeOver(): Promise<TakenImport | undefined> {
    const [taken] = await this.database.rows<ImportRow & { readonly turn: number; readonly tries: number }>(
      `UPDATE kitter.imports SET turn = turn + 1, tries = tries + 1, lease_until = now() + ${this.lease}
      WHERE id = (
        SELECT id FROM kitter.imports WHERE ${waits} ORDER BY lease_until LIMIT 1 FOR UPDATE SKIP LOCKED)
      RETURNING turn, tries, ${importColumns}`,
    )
    return taken && { id: taken.id, turn: taken.turn, tries: taken.tries, import: importOf(taken) }
  }

  override async renew(shift: Shift): Promise<void> {
    await this.write(shift, `lease_until = now() + ${this.lease}`)
  }

  override note(shift: Shift, { rows, place, counts, workedSeconds }: Progress): Promise<boolean> {
    return this.database.transaction(async (queries) => {
      const [noted] = await queries.rows<{ readonly state: string }>(
        `UPDATE kitter.imports SET at_offset = $3, at_line = $4, at_row = $5, counts = $6, worked_seconds = $7, tries = 0,
          lease_until = now() + ${this.lease}
        WHERE id = $1 AND turn = $2 AND state IN ('running', 'cancelled') RETURNING state`,
        shift.id,
        shift.turn,
        ...[place.offset, place.line, place.row, JSON.stringify(counts), workedSeconds],
      )
      if (noted === undefined) throw new ShiftOver(shift.id)
      await writeRows(queries, shift.id, rows)
      await writeNames(queries, shift.id, rows)
      await letGo(queries, shift.id)
      return noted.state === 'running'
    })
  }

  override async unsettled(id: string, row: number): Promise<readonly UnsettledRow[]> {
    const rows = await this.database.rows<Readonly<Record<keyof UnsettledRow, string>>>(
      `SELECT row, line, start FROM kitter.import_rows WHERE import = $1 AND outcome = 'unsettled' AND row > $2
      ORDER BY row LIMIT ${unsettledAtOnce}`,
      id,
      row,
    )
    return rows.map((each) => ({ row: Number(each.row), line: Number(each.line), start: Number(each.start) }))
  }

  override async takenNames(id: string, names: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const rows = await this.database.rows<{ readonly name: string; readonly by: string }>(
      'SELECT name, by FROM kitter.import_names WHERE import = $1 AND name = ANY ($2)',
      id,
      names,
    )
    return new Map(rows.map(({ name, by }) => [name, by]))
  }

  override async hasWaiting(): Promise<boolean> {
    return (await this.database.rows(`SELECT FROM kitter.imports WHERE ${waits} LIMIT 1`)).length > 0
  }

  override async postpone(shift: Shift, reason: string | undefined, seconds: number): Promise<void> {
    const set = 'last_error = $3, lease_until = now() + make_interval(secs => $4)'
    await this.write(shift, set, reason === undefined ? null : storableText(reason), seconds)
  }

  /** What kept one that is done from going on doesn't matter any more. */
  override async end(shift: Shift, state: 'done' | 'paused', reason?: string): Promise<void> {
    const set = 'state = $3, last_error = $4, ended_at = now(), lease_until = now()'
    await this.write(shift, set, state, reason === undefined ? null : storableText(reason))
  }

  private async write({ id, turn }: Shift, set: string, ...parameters: readonly unknown[]): Promise<void> {
    const sql = `UPDATE kitter.imports SET ${set} WHERE ${ownShift} RETURNING id`
    const written = await this.database.rows(sql, id, turn, ...parameters)
    if (written.length === 0) throw new ShiftOver(id)
  }
}

async function writeRows(queries: Queries, id: string, rows: readonly WrittenRow[]): Promise<void> {
  const textsOf = (name: 'code' | 'sentence' | 'username'): (string | null)[] =>
    rows.map((row) => (row[name] === undefined ? null : storableText(row[name])))
  await queries.rows(
    `INSERT INTO kitter.import_rows (import, row, line, start, outcome, code, sentence, username)
    SELECT $1, * FROM unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[])
    ON CONFLICT (import, row) DO UPDATE
      SET outcome = excluded.outcome, code = excluded.code, sentence = excluded.sentence`,
    id,
    rows.map(({ row }) => row),
    rows.map(({ line }) => line),
    rows.map(({ start }) => start),
    rows.map(({ outcome }) => outcome),
    ...([textsOf('code'), textsOf('sentence'), textsOf('username')] as const),
  )
}

async function writeNames(queries: Queries, id: string, rows: readonly WrittenRow[]): Promise<void> {
  const names = new Map(rows.flatMap(({ takes }) => takes.map(({ name, by }) => [name, by] as const)))
  if (names.size === 0) return
  await queries.rows(
    `INSERT INTO kitter.import_names (import, name, by) SELECT $1, * FROM unnest($2::text[], $3::text[])
    ON CONFLICT (import, name) DO UPDATE SET by = excluded.by`,
    id,
    [...names.keys()],
    [...names.values()],
  )
}

/** Of the file what lies before all rows that are still to be read. */
async function letGo(queries: Queries, id: string): Promise<void> {
  await queries.rows(
    `DELETE FROM kitter.import_chunks WHERE import = $1 AND upto <= (
      SELECT least(at_offset, (
        SELECT min(start) FROM kitter.import_rows WHERE import = $1 AND outcome = 'unsettled'))
      FROM kitter.imports WHERE id = $1)`,
    id,
  )
}
