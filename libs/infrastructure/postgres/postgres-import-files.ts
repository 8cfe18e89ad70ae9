import { Injectable } from '@nestjs/common'
import {
  type Import,
  ImportFiles,
  type NewImport,
  nothingCounted,
  type ReceivedFile,
  type Shift,
  ShiftOver,
  type WaitingBytes,
} from '#core/imports'
import { Database } from './database.ts'
import { deleteGradually } from './delete-gradually.ts'
import { ImportLease } from './import-lease.ts'
import { importColumns, importOf, type ImportRow } from './import-row.ts'
import { storableJson } from './storable.ts'

const ownUpload = `id = $1 AND turn = $2 AND state = 'receiving'`

@Injectable()
export class PostgresImportFiles extends ImportFiles {
  private readonly lease: string

  constructor(
    private readonly database: Database,
    { seconds }: ImportLease,
  ) {
    super()
    this.lease = `make_interval(secs => ${seconds})`
  }

  override async receive({ id, format, policy, startedBy }: NewImport): Promise<Shift> {
    const [received] = await this.database.rows<Shift>(
      `INSERT INTO kitter.imports AS known (id, format, policy, started_by, counts, lease_until)
      VALUES ($1, $2, $3, $4, $5, now() + ${this.lease})
      ON CONFLICT (id) DO UPDATE SET turn = known.turn + 1, format = excluded.format, policy = excluded.policy,
        lease_until = excluded.lease_until
        WHERE known.state = 'receiving'
      RETURNING id, turn`,
      id,
      format,
      ...[policy, startedBy, nothingCounted].map(storableJson),
    )
    if (received === undefined) throw new ShiftOver(id)
    if (received.turn > 1) await this.forget(id)
    return received
  }

  override async waiting(startedBy: string): Promise<WaitingBytes> {
    const [bytes] = await this.database.rows<{ readonly own: string; readonly all: string }>(
      `SELECT coalesce(sum(bytes), 0) AS all, coalesce(sum(bytes) FILTER (WHERE subject = $1), 0) AS own FROM (
        SELECT started_by ->> 'subject' AS subject, CASE state WHEN 'receiving' THEN (
            SELECT max(upto) FROM kitter.import_chunks WHERE import = waiting.id)
          ELSE size - at_offset END AS bytes
        FROM kitter.imports AS waiting WHERE state IN ('receiving', 'running', 'paused')) AS files`,
      startedBy,
    )
    return { own: Number(bytes?.own ?? 0), all: Number(bytes?.all ?? 0) }
  }

  override async append({ id, turn }: Shift, offset: number, bytes: Uint8Array): Promise<void> {
    const appended = await this.database.rows(
      `WITH upload AS (UPDATE kitter.imports SET lease_until = now() + ${this.lease} WHERE ${ownUpload} RETURNING id)
      INSERT INTO kitter.import_chunks (import, upto, bytes) SELECT id, $3, $4 FROM upload RETURNING upto`,
      id,
      turn,
      offset + bytes.length,
      Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length),
    )
    if (appended.length === 0) throw new ShiftOver(id)
  }

  override async prolong({ id, turn }: Shift): Promise<void> {
    const sql = `UPDATE kitter.imports SET lease_until = now() + ${this.lease} WHERE ${ownUpload}`
    await this.database.rows(sql, id, turn)
  }

  override async complete({ id, turn }: Shift, { columns, place, size }: ReceivedFile): Promise<Import> {
    const [completed] = await this.database.rows<ImportRow>(
      `UPDATE kitter.imports SET state = 'running', columns = $3, at_offset = $4, at_line = $5, at_row = $6, size = $7,
        lease_until = now(), started_at = now()
      WHERE ${ownUpload} RETURNING ${importColumns}`,
      id,
      turn,
      storableJson(columns.map((column) => column ?? null)),
      ...[place.offset, place.line, place.row, size],
    )
    if (completed === undefined) throw new ShiftOver(id)
    return importOf(completed)
  }

  override async discard({ id, turn }: Shift): Promise<void> {
    // whoever takes the same id again begins after this turn
    const over = await this.database.rows(
      `UPDATE kitter.imports SET turn = turn + 1 WHERE ${ownUpload} RETURNING id`,
      id,
      turn,
    )
    if (over.length > 0) await this.removeUpload({ id, turn: turn + 1 })
  }

  override async discardAbandoned(): Promise<number> {
    const abandoned = await this.database.rows<Shift>(
      `UPDATE kitter.imports SET turn = turn + 1, lease_until = now() + ${this.lease}
      WHERE state = 'receiving' AND lease_until <= now() RETURNING id, turn`,
    )
    for (const upload of abandoned) await this.removeUpload(upload)
    return abandoned.length
  }

  override async *read({ id, size }: Pick<Import, 'id' | 'size'>, offset: number): AsyncGenerator<Uint8Array> {
    for (let at = offset; at < size;) {
      const [chunk] = await this.database.rows<{ readonly upto: string; readonly bytes: Buffer }>(
        `SELECT upto, bytes FROM kitter.import_chunks WHERE import = $1 AND upto > $2 ORDER BY upto LIMIT 1`,
        id,
        at,
      )
      const upto = Number(chunk?.upto)
      const begin = upto - (chunk?.bytes.length ?? 0)
      if (chunk === undefined || begin > at) throw new ShiftOver(id)
      yield chunk.bytes.subarray(at - begin)
      at = upto
    }
  }

  override async forget(id: string): Promise<void> {
    await deleteGradually(this.database, 'kitter.import_chunks', 'import = $1', id)
    await deleteGradually(this.database, 'kitter.import_names', 'import = $1', id)
  }

  private async removeUpload({ id, turn }: Shift): Promise<void> {
    await this.forget(id)
    await this.database.rows(`DELETE FROM kitter.imports WHERE ${ownUpload}`, id, turn)
  }
}
