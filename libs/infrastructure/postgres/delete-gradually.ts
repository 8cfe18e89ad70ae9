import type { Queries } from './queries.ts'

const atOnce = 20_000

/** Deletes what meets the condition, however much it is: a statement for all of it might run out of time. */
export async function deleteGradually(
  queries: Queries,
  table: string,
  where: string,
  ...parameters: readonly unknown[]
): Promise<void> {
  // each row of the answer would be read otherwise
  const sql = `
    WITH deleted AS (
      DELETE FROM ${table} WHERE ctid = ANY (ARRAY(SELECT ctid FROM ${table} WHERE ${where} LIMIT ${atOnce}))
      RETURNING 1)
    SELECT count(*)::int AS count FROM deleted`
  for (;;) {
    const [deleted] = await queries.rows<{ readonly count: number }>(sql, ...parameters)
    if ((deleted?.count ?? 0) < atOnce) return
  }
}
