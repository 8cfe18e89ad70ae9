import type { Journalled, Progress, Settling, StepRecord, Success, Turn } from '#core/provisioning'
import type { Queries } from './queries.ts'

/** In this turn, and not ended. */
const ownTurn = `operations.id = word.id AND operations.turn = word.turn AND operations.state IN ('open', 'settling')`

export interface Note {
  readonly turn: Turn
  readonly progress: Progress
  readonly payload?: Journalled | undefined
  readonly settling?: Settling | undefined
}

export interface End extends Success {
  readonly turn: Turn
  readonly state: 'done' | 'undone'
  readonly steps: readonly StepRecord[]
  readonly reason: string | null
}

/** A turn as a key: of one operation, two may speak at the same time. */
export function keyOf({ id, turn }: Turn): string {
  return `${id} ${turn}`
}

/** Writes down how far operations are, each in its own turn. The turns that aren't over. */
export async function noteAll(queries: Queries, notes: readonly Note[], lease: string): Promise<ReadonlySet<string>> {
  const rows = await queries.rows<Turn>(
    `UPDATE kitter.operations SET learned = word.learned, steps = word.steps, payload = coalesce(word.payload, operations.payload),
      settling = coalesce(word.settling, operations.settling),
      effect_at = CASE WHEN operations.turn = 0 AND word.settling IS NULL THEN now() ELSE effect_at END, lease_until = now() + ${lease}
    FROM unnest($1::uuid[], $2::int[], $3::jsonb[], $4::jsonb[], $5::jsonb[], $6::text[])
      AS word (id, turn, learned, steps, payload, settling)
    WHERE ${ownTurn} RETURNING operations.id, operations.turn`,
    notes.map(({ turn }) => turn.id),
    notes.map(({ turn }) => turn.turn),
    notes.map(({ progress }) => JSON.stringify(progress.state)),
    notes.map(({ progress }) => JSON.stringify(progress.steps)),
    notes.map(({ payload }) => textOf(payload)),
    notes.map(({ settling = null }) => settling),
  )
  return new Set(rows.map(keyOf))
}

/** What the audit trail is told of an operation that has ended; the subject may be known only now. */
export const toldColumns = 'actor, actor_name, address, request_id, action, subject, outcome, operation'
export const toldOf = (subject: string): string =>
  `actor, actor_name, address, request_id, kind, coalesce(${subject}, subject), state, id`

/**
 * Ends operations, each in its own turn. Of the turns that weren't over, whether they take their subject away. What they
 * were about is forgotten: it may be personal, and nobody needs it any more. The refusal of the first turn is told to its
 * caller, and to the audit trail with it.
 */
export async function endAll(
  queries: Queries,
  ends: readonly End[],
  keptUntil: string,
): Promise<ReadonlyMap<string, { readonly removesSubject: boolean }>> {
  const rows = await queries.rows<Turn & { readonly removesSubject: boolean }>(
    `WITH ended AS (
      UPDATE kitter.operations SET state = word.state, steps = word.steps, reason = word.reason, ended_at = now(), payload = NULL,
        learned = '{}', result = CASE WHEN idempotency IS NOT NULL THEN word.result END
      FROM unnest($1::uuid[], $2::int[], $3::text[], $4::jsonb[], $5::text[], $6::json[], $7::text[], $8::jsonb[], $9::jsonb[])
        AS word (id, turn, state, steps, reason, result, told_subject, before, after)
      WHERE ${ownTurn} RETURNING operations.*, told_subject, before, after),
    freed AS (DELETE FROM kitter.operation_claims WHERE operation IN (SELECT id FROM ended)),
    told AS (
      INSERT INTO audit.entries (${toldColumns}, before, after, kept_until)
      SELECT ${toldOf('told_subject')}, before, after, ${keptUntil} FROM ended WHERE state = 'done' OR turn > 0)
    SELECT id, turn, removes_subject AS "removesSubject" FROM ended`,
    ends.map(({ turn }) => turn.id),
    ends.map(({ turn }) => turn.turn),
    ends.map(({ state }) => state),
    ends.map(({ steps }) => JSON.stringify(steps)),
    ends.map(({ reason }) => reason),
    ends.map(({ result }) => textOf(result)),
    ends.map(({ change }) => change?.subject ?? null),
    ends.map(({ change }) => textOf(change?.before)),
    ends.map(({ change }) => textOf(change?.after)),
  )
  return new Map(rows.map((row) => [keyOf(row), row]))
}

/** As JSON, or as nothing. */
function textOf(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value)
}
