import { Injectable } from '@nestjs/common'
import type { Transaction } from '#kernel'
import { type Claim, type OperationEntry, Operations } from '#core/provisioning'
import { Database, type Queries } from './database.ts'
import { transactionOf } from './postgres-transaction.ts'

/** Longer than all that an operation waits for together; whoever still holds claims after it is gone. */
const lease = "interval '60 seconds'"

/** Advisory locks share one space of numbers; ours start here. */
const claimSeed = 7_100_301

@Injectable()
export class PostgresOperations extends Operations {
  constructor(private readonly database: Database) {
    super()
  }

  override begin(entry: OperationEntry): Promise<readonly Claim[]> {
    return this.database.transaction(async (queries) => {
      const needed = oncePerKey(entry.claims)
      await takeTurns(queries, needed)
      const held = await heldByOthers(queries, needed)
      if (held.size === 0) await enter(queries, entry, needed)
      return entry.claims.filter(({ key }) => held.has(key))
    })
  }

  override finish(id: string, write: (within: Transaction) => Promise<void>): Promise<void> {
    return this.database.transaction(async (queries) => {
      await write(transactionOf(queries))
      await end(queries, id, 'done', null)
    })
  }

  override async isFinished(id: string): Promise<boolean> {
    const sql = "SELECT id FROM kitter.operations WHERE id = $1 AND state = 'done'"
    return (await this.database.rows(sql, id)).length > 0
  }

  override abandon(id: string, reason: string): Promise<void> {
    return this.database.transaction((queries) => end(queries, id, 'abandoned', reason))
  }

  override async leaveUnfinished(id: string, reason: string): Promise<void> {
    await this.database.rows("UPDATE kitter.operations SET state = 'unfinished', reason = $2 WHERE id = $1", id, reason)
  }
}

/** A key that is named twice is claimed alone if it is so once. */
function oncePerKey(claims: readonly Claim[]): readonly Claim[] {
  const keys = new Map<string, boolean>()
  for (const { key, shared } of claims) keys.set(key, shared && (keys.get(key) ?? true))
  return [...keys].map(([key, shared]) => ({ key, shared }))
}

/** Whoever claims the same keys waits here until this transaction ends; all take them in the same order. */
async function takeTurns(queries: Queries, claims: readonly Claim[]): Promise<void> {
  const sql = `
    SELECT pg_advisory_xact_lock(lock) FROM (
      SELECT DISTINCT hashtextextended(key, ${claimSeed}) AS lock FROM unnest($1::text[]) AS key ORDER BY lock
    ) AS locks`
  await queries.rows(
    sql,
    claims.map(({ key }) => key),
  )
}

/** The keys that others hold in a way that doesn't bear these claims. */
async function heldByOthers(queries: Queries, claims: readonly Claim[]): Promise<ReadonlySet<string>> {
  const sql = `
    SELECT DISTINCT held.key FROM kitter.operation_claims held
    JOIN kitter.operations ON operations.id = held.operation
      AND (operations.state = 'unfinished' OR operations.lease_until > now())
    WHERE held.key = ANY ($1) AND NOT (held.shared AND held.key = ANY ($2))`
  const shared = claims.filter((claim) => claim.shared)
  const rows: { key: string }[] = await queries.rows(
    sql,
    claims.map(({ key }) => key),
    shared.map(({ key }) => key),
  )
  return new Set(rows.map(({ key }) => key))
}

async function enter(
  queries: Queries,
  { id, kind, subject, actor }: OperationEntry,
  claims: readonly Claim[],
): Promise<void> {
  await queries.rows(
    `INSERT INTO kitter.operations (id, kind, subject, actor, state, lease_until) VALUES ($1, $2, $3, $4, 'open', now() + ${lease})`,
    id,
    kind,
    subject,
    actor,
  )
  await queries.rows(
    'INSERT INTO kitter.operation_claims (operation, key, shared) SELECT $1, key, shared FROM unnest($2::text[], $3::boolean[]) AS claim (key, shared)',
    id,
    claims.map(({ key }) => key),
    claims.map(({ shared }) => shared),
  )
}

async function end(queries: Queries, id: string, state: string, reason: string | null): Promise<void> {
  await queries.rows(
    'UPDATE kitter.operations SET state = $2, reason = $3, ended_at = now() WHERE id = $1',
    id,
    state,
    reason,
  )
  await queries.rows('DELETE FROM kitter.operation_claims WHERE operation = $1', id)
}
