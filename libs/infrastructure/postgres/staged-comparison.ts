import type { DomainName } from '#core/domains'
import type { Queries } from './database.ts'
import { deleteGradually } from './delete-gradually.ts'
import { accountOfRow, communicationsUserOfRow, digestOf } from './staged-content.ts'

const userId = `'^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'`
const firstUserId = '00000000-0000-0000-0000-000000000000'

/** Suspects come in this order: who has one of kitter's own rows, who only has an id, and who is known to wac-core only. */
const ranks = { known: 0, named: 1, nameless: 2 } as const
/** Above the numbers of the sequence; JavaScript still knows them exactly. */
const rankBits = 40

const inSlice = (id: string): string => `${id} >= $3 AND ($4::text IS NULL OR ${id} < $4)`

/** $1 reconciliation, $2 domain, $3 first id of the slice, $4 the one after its last. */
const compared = `
  WITH records AS (
    SELECT id::text COLLATE "C" AS id, communications_id AS remembered,
      ${digestOf(accountOfRow)} AS account, ${digestOf(communicationsUserOfRow)} AS communications
    FROM kitter.users
    WHERE ($2::text IS NULL OR domain = $2) AND id >= coalesce(nullif($3, ''), '${firstUserId}')::uuid
      AND ($4::text IS NULL OR id < $4::uuid)
  ), accounts AS (
    SELECT id, digest FROM kitter.staged_accounts WHERE reconciliation = $1 AND ${inSlice('id')}
  ), communications AS (
    SELECT id, user_id, digest FROM kitter.staged_communications_users
    WHERE reconciliation = $1 AND ${inSlice('user_id')}
  ), differing AS (
    SELECT coalesce(records.id, accounts.id, communications.user_id) AS user_id, remembered,
      communications.id AS communications_id
    FROM records
    FULL JOIN accounts ON accounts.id = records.id
    FULL JOIN communications ON communications.user_id = coalesce(accounts.id, records.id)
    WHERE (records.account = accounts.digest AND records.communications = communications.digest
      AND remembered = communications.id) IS NOT TRUE
  ), ranked AS (
    SELECT *, CASE WHEN ${isSecond()} THEN ${ranks.nameless} WHEN remembered IS NULL THEN ${ranks.named} ELSE ${ranks.known} END
      AS rank FROM differing
  )
  INSERT INTO kitter.suspects (reconciliation, number, user_id, communications_id)
  SELECT $1, ${numberOf('rank')}, CASE WHEN rank <> ${ranks.nameless} THEN user_id END, communications_id FROM ranked`

/** Shares its user with another, which kitter remembers, or which comes first. */
function isSecond(): string {
  return `
    row_number() OVER (PARTITION BY user_id ORDER BY communications_id = remembered DESC NULLS LAST, communications_id) > 1
    OR communications_id <> remembered AND EXISTS (
      SELECT FROM kitter.staged_communications_users remembered_one
      WHERE remembered_one.reconciliation = $1 AND remembered_one.id = remembered
        AND remembered_one.user_id = differing.user_id)`
}

function numberOf(rank: string): string {
  return `(${rank}::bigint << ${rankBits}) + nextval('kitter.suspect_numbers')`
}

/** The id that ends the slice: where the first of the three has had its number of users. None where all end before. */
const sliceEnd = `
  SELECT least(
    (SELECT id::text COLLATE "C" FROM kitter.users
     WHERE ($2::text IS NULL OR domain = $2) AND id >= coalesce(nullif($3, ''), '${firstUserId}')::uuid
     ORDER BY users.id OFFSET $4 LIMIT 1),
    (SELECT id FROM kitter.staged_accounts
     WHERE reconciliation = $1 AND id ~ ${userId} AND id >= (
       SELECT id FROM kitter.staged_accounts WHERE reconciliation = $1 AND id >= $3 ORDER BY id OFFSET $4 LIMIT 1)
     ORDER BY id LIMIT 1),
    (SELECT user_id FROM kitter.staged_communications_users WHERE reconciliation = $1 AND user_id > $3
     ORDER BY user_id OFFSET $4 LIMIT 1)) AS "end"`

/** Compares what was staged for a reconciliation with kitter's own rows, slice by slice, from scratch. */
export class StagedComparison {
  constructor(
    private readonly queries: Queries,
    private readonly reconciliation: string,
    private readonly domain: DomainName | undefined,
    private readonly size: number,
  ) {}

  /** How many look different. */
  async run(): Promise<number> {
    await deleteGradually(this.queries, 'kitter.suspects', 'reconciliation = $1', this.reconciliation)
    await this.queries.rows('ANALYZE kitter.staged_accounts, kitter.staged_communications_users')
    for (let start: string | undefined = ''; start !== undefined;) {
      const end: string | undefined = await this.endOfSlice(start)
      await this.queries.rows(compared, this.reconciliation, this.domain ?? null, start, end ?? null)
      start = end
    }
    await this.addNameless()
    return this.count()
  }

  private async endOfSlice(start: string): Promise<string | undefined> {
    const [slice] = await this.queries.rows<{ readonly end: string | null }>(
      sliceEnd,
      this.reconciliation,
      this.domain ?? null,
      start,
      this.size,
    )
    return slice?.end ?? undefined
  }

  private async addNameless(): Promise<void> {
    await this.queries.rows(
      `INSERT INTO kitter.suspects (reconciliation, number, communications_id)
      SELECT reconciliation, ${numberOf(String(ranks.nameless))}, id FROM kitter.staged_communications_users
      WHERE reconciliation = $1 AND user_id IS NULL`,
      this.reconciliation,
    )
  }

  private async count(): Promise<number> {
    const sql = 'SELECT count(*)::int AS count FROM kitter.suspects WHERE reconciliation = $1'
    const [counted] = await this.queries.rows<{ readonly count: number }>(sql, this.reconciliation)
    return counted?.count ?? 0
  }
}
