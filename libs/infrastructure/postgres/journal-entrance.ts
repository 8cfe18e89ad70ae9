import { DomainError } from '#kernel'
import { type Claim, type OperationEntry, operationInProgress } from '#core/provisioning'
import type { Database } from './database.ts'
import { GroupedCalls } from './grouped-calls.ts'
import type { Queries } from './queries.ts'
import { StatementError } from './statement-error.ts'

/** Advisory locks share one space of numbers; ours start here. */
const claimSeed = 7_100_301

/** Of what waits for a lock. */
const lockNotAvailable = '55P03'

/** The keys of an entry that others hold, and whether those are still carried out by who began them. */
type Held = ReadonlyMap<string, boolean>

/** Where operations are entered into the journal with what they claim: those that come at the same time, together. */
export class JournalEntrance {
  private readonly database: Database
  private readonly lease: string
  private readonly group: GroupedCalls<OperationEntry, Held | undefined>

  constructor(database: Database, lease: string, together: number) {
    this.database = database
    this.lease = lease
    this.group = new GroupedCalls((entries) => this.enterGroup(entries), together)
  }

  async begin(entry: OperationEntry): Promise<readonly Claim[]> {
    try {
      const held = (await this.group.make(entry)) ?? (await this.enterAlone(entry))
      return entry.claims.filter(({ key }) => held.has(key)).map((claim) => heldClaim(claim, held))
    } catch (error) {
      // somebody has been taking the same claims for long, and has perhaps stopped amid it
      if (isLocked(error)) return entry.claims.map(({ key, shared }) => ({ key, shared }))
      const isRepeated = error instanceof StatementError && error.constraint === 'operations_idempotency'
      throw isRepeated ? operationInProgress() : error
    }
  }

  /** Nothing is said of those that somebody else is claiming the same for just now: a group waits for nobody. */
  private enterGroup(entries: readonly OperationEntry[]): Promise<readonly (Held | undefined)[]> {
    const apart = withoutRivals(entries)
    return this.database.transaction(async (queries) => {
      const locked = await tryToTakeTurns(queries, oncePerKey(apart.flatMap(({ claims }) => claims)))
      const ready = new Set(apart.filter(({ claims }) => claims.every(({ key }) => locked.has(key))))
      const held = ready.size === 0 ? new Map<string, Held>() : await this.enter(queries, [...ready])
      return entries.map((entry) => (ready.has(entry) ? (held.get(entry.id) ?? new Map<string, boolean>()) : undefined))
    })
  }

  private enterAlone(entry: OperationEntry): Promise<Held> {
    return this.database.transaction(async (queries) => {
      await takeTurns(queries, oncePerKey(entry.claims))
      const held = await this.enter(queries, [entry])
      return held.get(entry.id) ?? new Map<string, boolean>()
    })
  }

  /**
   * Unless others hold some of the keys in a way that doesn't bear these claims: those keys until their operations are
   * settled. What is stuck doesn't keep its own subject from being taken away.
   */
  private async enter(queries: Queries, entries: readonly OperationEntry[]): Promise<ReadonlyMap<string, Held>> {
    const claims = entries.flatMap((entry) => oncePerKey(entry.claims).map((claim) => ({ ...claim, id: entry.id })))
    const rows = await queries.rows<{ readonly id: string; readonly key: string; readonly isOpen: boolean }>(
      `WITH entry AS (
        SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::boolean[], $7::uuid[], $8::text[], $9::text[])
        AS entry (id, kind, subject, actor, actor_name, removes_subject, idempotency, address, request_id)),
      needed AS (SELECT * FROM unnest($10::uuid[], $11::text[], $12::boolean[]) AS claim (id, key, shared)),
      held AS (
        SELECT needed.id, key, bool_and(operations.state = 'open') AS "isOpen"
        FROM needed JOIN entry ON entry.id = needed.id JOIN kitter.operation_claims held USING (key)
          JOIN kitter.operations ON operations.id = held.operation
          AND NOT (entry.removes_subject AND operations.state = 'stuck' AND operations.subject = entry.subject)
        WHERE NOT (held.shared AND needed.shared) GROUP BY needed.id, key),
      entered AS (
        INSERT INTO kitter.operations (id, kind, subject, actor, actor_name, removes_subject, idempotency, address, request_id, state, carried, lease_until)
        SELECT entry.*, 'open', true, now() + ${this.lease} FROM entry WHERE id NOT IN (SELECT id FROM held)
        RETURNING id),
      claimed AS (
        INSERT INTO kitter.operation_claims (operation, key, shared) SELECT id, key, shared FROM entered JOIN needed USING (id))
      SELECT id, key, "isOpen" FROM held`,
      entries.map(({ id }) => id),
      entries.map(({ kind }) => kind),
      entries.map(({ subject }) => subject),
      entries.map(({ actor }) => actor.subject),
      entries.map(({ actor }) => actor.name),
      entries.map(({ removesSubject = false }) => removesSubject),
      entries.map(({ idempotency = null }) => idempotency),
      entries.map(({ actor }) => actor.origin?.address ?? null),
      entries.map(({ actor }) => actor.origin?.requestId ?? null),
      claims.map(({ id }) => id),
      claims.map(({ key }) => key),
      claims.map(({ shared }) => shared),
    )
    const held = Map.groupBy(rows, ({ id }) => id)
    return new Map([...held].map(([id, keys]) => [id, new Map(keys.map(({ key, isOpen }) => [key, isOpen]))]))
  }
}

/** Those that bear each other's claims; of rivals, whoever came first. */
function withoutRivals(entries: readonly OperationEntry[]): readonly OperationEntry[] {
  const claimed = new Map<string, boolean>()
  return entries.filter(({ claims }) => {
    const needed = oncePerKey(claims)
    const isRival = needed.some(({ key, shared }) => claimed.has(key) && !(shared && claimed.get(key) === true))
    if (!isRival) for (const { key, shared } of needed) claimed.set(key, shared)
    return !isRival
  })
}

/** A key that is named twice is claimed alone if it is so once. */
function oncePerKey(claims: readonly Claim[]): readonly Claim[] {
  const keys = new Map<string, boolean>()
  for (const { key, shared } of claims) keys.set(key, shared && (keys.get(key) ?? true))
  return [...keys].map(([key, shared]) => ({ key, shared }))
}

const locksOf = `
  SELECT hashtextextended(key, ${claimSeed}) AS lock, bool_and(shared) AS shared, array_agg(key) AS keys
  FROM unnest($1::text[], $2::boolean[]) AS claim (key, shared) GROUP BY lock ORDER BY lock`

/**
 * Whoever claims the same keys alone waits here until this transaction ends, and this one for them; all take them in the
 * same order.
 */
async function takeTurns(queries: Queries, claims: readonly Claim[]): Promise<void> {
  const sql = `
    SELECT CASE WHEN shared THEN pg_advisory_xact_lock_shared(lock) ELSE pg_advisory_xact_lock(lock) END
    FROM (${locksOf}) AS locks`
  await queries.rows(sql, ...parametersOf(claims))
}

/** The keys that nobody else is claiming. */
async function tryToTakeTurns(queries: Queries, claims: readonly Claim[]): Promise<ReadonlySet<string>> {
  const sql = `
    SELECT keys, CASE WHEN shared THEN pg_try_advisory_xact_lock_shared(lock) ELSE pg_try_advisory_xact_lock(lock) END AS "isMine"
    FROM (${locksOf}) AS locks`
  const rows = await queries.rows<{ readonly keys: readonly string[]; readonly isMine: boolean }>(
    sql,
    ...parametersOf(claims),
  )
  return new Set(rows.flatMap(({ keys, isMine }) => (isMine ? keys : [])))
}

function parametersOf(claims: readonly Claim[]): readonly unknown[] {
  return [claims.map(({ key }) => key), claims.map(({ shared }) => shared)]
}

/** A name that is held by what is being settled isn't taken: nobody may come to have it. */
function heldClaim({ taken, ...claim }: Claim, held: Held): Claim {
  return taken === undefined || held.get(claim.key) !== true ? claim : { ...claim, taken }
}

function isLocked(error: unknown): boolean {
  const cause = error instanceof DomainError ? error.cause : undefined
  return cause instanceof StatementError && cause.sqlState === lockNotAvailable
}
