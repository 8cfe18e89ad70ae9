import { Injectable } from '@nestjs/common'
import type { Page } from '#kernel'
import { type Import, type ImportedRow, Imports, type RowOutcome } from '#core/imports'
import { Conditions } from './conditions.ts'
import { Database } from './database.ts'
import { deleteGradually } from './delete-gradually.ts'
import { importColumns, importOf, type ImportRow } from './import-row.ts'

const isThere = `state <> 'receiving'`
const rowsAtOnce = 1000
const forgottenAtOnce = 10

interface RowRow {
  readonly row: string
  readonly line: string
  readonly outcome: RowOutcome
  readonly code: string | null
  readonly sentence: string | null
  readonly username: string | null
}

const rowColumns = 'row, line, outcome, code, sentence, username'

@Injectable()
export class PostgresImports extends Imports {
  constructor(private readonly database: Database) {
    super()
  }

  override async list(
    startedBy: string | undefined,
    { max, page }: Page,
  ): Promise<{ readonly imports: readonly Import[]; readonly total: number }> {
    const { where, parameters } = new Conditions()
      .and(() => isThere)
      .given(startedBy, (value) => `started_by ->> 'subject' = ${value}`)
    const [rows, [counted]] = await Promise.all([
      this.database.rows<ImportRow>(
        `SELECT ${importColumns} FROM kitter.imports ${where}
        ORDER BY started_at DESC, id DESC LIMIT ${max} OFFSET ${max * page}`,
        ...parameters,
      ),
      this.database.rows<{ readonly total: number }>(
        `SELECT count(*)::int AS total FROM kitter.imports ${where}`,
        ...parameters,
      ),
    ])
    return { imports: rows.map(importOf), total: counted?.total ?? 0 }
  }

  override async find(id: string): Promise<Import | undefined> {
    const sql = `SELECT ${importColumns} FROM kitter.imports WHERE id = $1 AND ${isThere}`
    const [row] = await this.database.rows<ImportRow>(sql, id)
    return row && importOf(row)
  }

  override async cancel(id: string): Promise<boolean> {
    const cancelled = await this.database.rows(
      `UPDATE kitter.imports SET state = 'cancelled', ended_at = now()
      WHERE id = $1 AND state IN ('running', 'paused') RETURNING id`,
      id,
    )
    return cancelled.length > 0
  }

  override async resume(id: string): Promise<boolean> {
    const resumed = await this.database.rows(
      `UPDATE kitter.imports SET state = 'running', ended_at = NULL, tries = 0, lease_until = now()
      WHERE id = $1 AND state = 'paused' RETURNING id`,
      id,
    )
    return resumed.length > 0
  }

  override async listRows(
    id: string,
    outcome: RowOutcome | undefined,
    { max, page }: Page,
  ): Promise<{ readonly rows: readonly ImportedRow[]; readonly total: number }> {
    const { where, parameters } = conditionsOf(id, outcome)
    const from = `FROM kitter.import_rows ${where}`
    const [rows, [counted]] = await Promise.all([
      this.database.rows<RowRow>(
        `SELECT ${rowColumns} ${from} ORDER BY row LIMIT ${max} OFFSET ${max * page}`,
        ...parameters,
      ),
      this.database.rows<{ readonly total: number }>(`SELECT count(*)::int AS total ${from}`, ...parameters),
    ])
    return { rows: rows.map(rowOf), total: counted?.total ?? 0 }
  }

  override async rowsAfter(id: string, outcome: RowOutcome | undefined, row: number): Promise<readonly ImportedRow[]> {
    const { where, parameters } = conditionsOf(id, outcome).and((value) => `row > ${value(row)}`)
    const rows = await this.database.rows<RowRow>(
      `SELECT ${rowColumns} FROM kitter.import_rows ${where} ORDER BY row LIMIT ${rowsAtOnce}`,
      ...parameters,
    )
    return rows.map(rowOf)
  }

  override async cancelForgotten(pausedSecondsAgo: number): Promise<void> {
    const forgotten = await this.database.rows<{ readonly id: string }>(
      `UPDATE kitter.imports SET state = 'cancelled'
      WHERE state = 'paused' AND ended_at < now() - make_interval(secs => $1) RETURNING id`,
      pausedSecondsAgo,
    )
    for (const { id } of forgotten) await this.forgetFile(id)
  }

  override async forgetFilesOfEnded(): Promise<void> {
    const left = await this.database.rows<{ readonly id: string }>(
      `SELECT id FROM kitter.imports AS ended WHERE state IN ('done', 'cancelled') AND (
        EXISTS (SELECT FROM kitter.import_chunks WHERE import = ended.id)
        OR EXISTS (SELECT FROM kitter.import_names WHERE import = ended.id))`,
    )
    for (const { id } of left) await this.forgetFile(id)
  }

  override async forgetSome(endedSecondsAgo: number): Promise<number> {
    const old = await this.database.rows<{ readonly id: string }>(
      `SELECT id FROM kitter.imports
      WHERE state IN ('done', 'cancelled') AND ended_at < now() - make_interval(secs => $1) LIMIT ${forgottenAtOnce}`,
      endedSecondsAgo,
    )
    for (const { id } of old) {
      await this.forgetFile(id)
      await deleteGradually(this.database, 'kitter.import_rows', 'import = $1', id)
      await this.database.rows('DELETE FROM kitter.imports WHERE id = $1', id)
    }
    return old.length
  }

  private async forgetFile(id: string): Promise<void> {
    await deleteGradually(this.database, 'kitter.import_chunks', 'import = $1', id)
    await deleteGradually(this.database, 'kitter.import_names', 'import = $1', id)
  }
}

function conditionsOf(id: string, outcome: RowOutcome | undefined): Conditions {
  return new Conditions().and((value) => `import = ${value(id)}`).given(outcome, (value) => `outcome = ${value}`)
}

function rowOf({ row, line, outcome, code, sentence, username }: RowRow): ImportedRow {
  return {
    row: Number(row),
    line: Number(line),
    outcome,
    code: code ?? undefined,
    sentence: sentence ?? undefined,
    username: username ?? undefined,
  }
}
