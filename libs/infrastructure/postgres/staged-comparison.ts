import type { DomainName } from '#core/domains'
import { deleteGradually } from './delete-gradually.ts'
import type { Queries } from './queries.ts'
import { accountOfRow, communicationsUserOfRow, digestOf } from './staged-content.ts'
import { type CountedSlice, inSlices } from './staged-slices.ts'

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
    SELECT id, digest FROM kitter.staged_accounts WHERE reconciliation = $1 AND is_user_id AND ${inSlice('id')}
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
  ), all_ranked AS (
    SELECT rank, user_id, communications_id FROM ranked
    UNION ALL SELECT ${ranks.nameless}, user_id, communications_id FROM ranked WHERE ${mayBeLeftOver('ranked')}
  ), suspected AS (
    INSERT INTO kitter.suspects (reconciliation, number, user_id, communications_id)
    SELECT $1, ${numberOf('rank')}, CASE WHEN rank <> ${ranks.nameless} THEN user_id END, communications_id FROM all_ranked
    RETURNING 1
  )
  SELECT count(*)::int AS count FROM suspected`

/** Accounts that can't be anybody's of kitter's. $1 reconciliation, $2 the id before the slice, $3 its size. */
const foreignAccounts = unmatched(ranks.named, 'user_id', 'kitter.staged_accounts', 'NOT is_user_id', 'id')

/** The same of users at wac-core. */
const namelessUsers = unmatched(
  ranks.nameless,
  'communications_id',
  'kitter.staged_communications_users',
  'user_id IS NULL',
  'user_id, id',
)

function unmatched(rank: number, column: string, table: string, condition: string, order: string): string {
  return `
    WITH slice AS (
      SELECT id FROM ${table} WHERE reconciliation = $1 AND ${condition} AND id > $2 ORDER BY ${order} LIMIT $3
    ), suspected AS (
      INSERT INTO kitter.suspects (reconciliation, number, ${column})
      SELECT $1, ${numberOf(String(rank))}, id FROM slice
    )
    SELECT count(*)::int AS count, max(id) AS last FROM slice`
}

/** Shares its user with another, which kitter remembers, or which comes first. */
function isSecond(): string {
  return `
    row_number() OVER (PARTITION BY user_id ORDER BY communications_id = remembered DESC NULLS LAST, communications_id) > 1
    OR communications_id <> remembered AND EXISTS (
      SELECT FROM kitter.staged_communications_users remembered_one
      WHERE remembered_one.reconciliation = $1 AND remembered_one.id = remembered
        AND remembered_one.user_id = differing.user_id)`
}

/** The only one that is linked with its user, who is to be linked with the one that kitter remembers. */
function mayBeLeftOver(row: string): string {
  return `
    ${row}.rank = ${ranks.known} AND ${row}.communications_id <> ${row}.remembered AND EXISTS (
      SELECT FROM kitter.staged_communications_users remembered_one
      WHERE remembered_one.reconciliation = $1 AND remembered_one.id = ${row}.remembered)`
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
    (SELECT id FROM kitter.staged_accounts WHERE reconciliation = $1 AND is_user_id AND id >= $3
     ORDER BY id OFFSET $4 LIMIT 1),
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
    return (
      (await this.addDiffering()) +
      (await this.addUnmatched(foreignAccounts)) +
      (await this.addUnmatched(namelessUsers))
    )
  }

  private async addDiffering(): Promise<number> {
    let total = 0
    for (let start: string | undefined = ''; start !== undefined;) {
      const end: string | undefined = await this.endOfSlice(start)
      const parameters = [this.reconciliation, this.domain ?? null, start, end ?? null]
      const [suspected] = await this.queries.rows<{ readonly count: number }>(compared, ...parameters)
      total += suspected?.count ?? 0
      start = end
    }
    return total
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

  private addUnmatched(sql: string): Promise<number> {
    return inSlices(this.size, async (after = '') => {
      const [slice] = await this.queries.rows<CountedSlice>(sql, this.reconciliation, after, this.size)
      return slice
    })
  }
}
