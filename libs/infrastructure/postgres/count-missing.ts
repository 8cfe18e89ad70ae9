import type { DomainName } from '#core/domains'
import type { Missing } from '#core/reconciliation'
import type { Queries } from './queries.ts'
import { type CountedSlice, inSlices } from './staged-slices.ts'

interface MissingSlice extends CountedSlice {
  readonly accounts: number
  readonly communicationsUsers: number
}

/** $1 reconciliation, $2 domain, $3 the id before the slice, $4 its size. */
const missing = `
  WITH slice AS MATERIALIZED (
    SELECT id::text COLLATE "C" AS id FROM kitter.users
    WHERE created_at < (SELECT started_at FROM kitter.reconciliations WHERE id = $1)
      AND ($2::text IS NULL OR domain = $2) AND ($3::uuid IS NULL OR id > $3)
    ORDER BY users.id LIMIT $4
  )
  SELECT count(*)::int AS count, max(id) AS last,
    (${lackedBy('id', 'kitter.staged_accounts', 'is_user_id')}) AS accounts,
    (${lackedBy('user_id', 'kitter.staged_communications_users', 'true')}) AS "communicationsUsers"
  FROM slice`

/** The bounds keep it to what is staged of the slice, in whichever way Postgres compares. */
function lackedBy(column: string, table: string, condition: string): string {
  return `
    SELECT count(*)::int FROM slice WHERE NOT EXISTS (
      SELECT FROM ${table} staged WHERE reconciliation = $1 AND ${condition} AND staged.${column} = slice.id
        AND staged.${column} BETWEEN (SELECT min(id) FROM slice) AND (SELECT max(id) FROM slice))`
}

/** How many users kitter had when the reconciliation began, and how many aren't among the copies; slice by slice. */
export async function countMissing(
  queries: Queries,
  reconciliation: string,
  domain: DomainName | undefined,
  size: number,
): Promise<Missing> {
  let [accounts, communicationsUsers] = [0, 0]
  const users = await inSlices(size, async (after) => {
    const parameters = [reconciliation, domain ?? null, after ?? null, size]
    const [slice] = await queries.rows<MissingSlice>(missing, ...parameters)
    accounts += slice?.accounts ?? 0
    communicationsUsers += slice?.communicationsUsers ?? 0
    return slice
  })
  return { users, accounts, communicationsUsers }
}
