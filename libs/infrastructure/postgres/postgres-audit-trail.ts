import { Injectable } from '@nestjs/common'
import type { Page } from '#kernel'
import { type AuditEntry, type AuditFilter, type AuditOutcome, AuditTrail, type RecordedEntry } from '#core/audit'
import { AuditRetention } from './audit-retention.ts'
import { Conditions } from './conditions.ts'
import { Database } from './database.ts'

interface EntryRow {
  readonly id: string
  readonly at: Date
  readonly actor: string
  readonly actor_name: string
  readonly address: string | null
  readonly request_id: string | null
  readonly action: string
  readonly subject: string | null
  readonly outcome: AuditOutcome
  readonly code: string | null
  readonly operation: string | null
  readonly before: RecordedEntry['before'] | null
  readonly after: RecordedEntry['after'] | null
}

const atOnce = 10_000

@Injectable()
export class PostgresAuditTrail extends AuditTrail {
  constructor(
    private readonly database: Database,
    private readonly retention: AuditRetention,
  ) {
    super()
  }

  override async add({ actor, action, subject, outcome, code, operation, before, after }: AuditEntry): Promise<void> {
    await this.database.rows(
      `INSERT INTO audit.entries
        (actor, actor_name, address, request_id, action, subject, outcome, code, operation, before, after, kept_until)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, now() + make_interval(secs => $12))`,
      actor.subject,
      actor.name,
      actor.origin?.address ?? null,
      actor.origin?.requestId ?? null,
      action,
      subject ?? null,
      outcome,
      code ?? null,
      operation ?? null,
      jsonOf(before),
      jsonOf(after),
      this.retention.seconds,
    )
  }

  override async list(
    { actor, subject, since, doneBy }: AuditFilter,
    { max, page }: Page,
  ): Promise<{ readonly entries: readonly RecordedEntry[]; readonly total: number }> {
    const { where, parameters } = new Conditions()
      .given(actor, (value) => `(actor = ${value} OR actor_name = ${value})`)
      .given(subject, (value) => `subject = ${value}`)
      .given(since, (value) => `at >= ${value}`)
      .given(doneBy, (value) => `actor = ${value}`)
    const [rows, [counted]] = await Promise.all([
      this.database.rows<EntryRow>(
        `SELECT id, at, actor, actor_name, address, request_id, action, subject, outcome, code, operation, before, after
        FROM audit.entries ${where} ORDER BY at DESC, id DESC LIMIT ${max} OFFSET ${max * page}`,
        ...parameters,
      ),
      this.database.rows<{ readonly total: number }>(
        `SELECT count(*)::int AS total FROM audit.entries ${where}`,
        ...parameters,
      ),
    ])
    return { entries: rows.map(entryOf), total: counted?.total ?? 0 }
  }

  override async forgetSome(): Promise<number> {
    const forgotten = await this.database.rows(
      `DELETE FROM audit.entries WHERE id IN (
        SELECT id FROM audit.entries WHERE kept_until <= now() LIMIT ${atOnce} FOR UPDATE SKIP LOCKED)
      RETURNING id`,
    )
    return forgotten.length
  }
}

function jsonOf(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value)
}

function entryOf(row: EntryRow): RecordedEntry {
  const { id, at, actor, actor_name: name, address, request_id: requestId, action, outcome } = row
  return {
    id,
    at,
    actor: { subject: actor, name, ...(address !== null && requestId !== null && { origin: { address, requestId } }) },
    action,
    subject: row.subject ?? undefined,
    outcome,
    code: row.code ?? undefined,
    operation: row.operation ?? undefined,
    before: row.before ?? undefined,
    after: row.after ?? undefined,
  }
}
