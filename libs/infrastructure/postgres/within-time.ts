import type { Queries } from './queries.ts'

/** The questions of a transaction, which all together may take so long. The one that would take longer is cancelled. */
export function withinTime(queries: Queries, milliseconds: number): Queries {
  const end = performance.now() + milliseconds
  return {
    async rows(sql, ...parameters) {
      // none at all would be no limit
      const left = Math.max(1, Math.ceil(end - performance.now()))
      await queries.rows(`SET LOCAL statement_timeout = ${left}`)
      return queries.rows(sql, ...parameters)
    },
  }
}
