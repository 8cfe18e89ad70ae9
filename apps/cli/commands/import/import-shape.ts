import { z } from 'zod'

const count = z.number()

/** An import as the service tells of it. */
export const importShape = z.object({
  id: z.uuid(),
  state: z.enum(['running', 'paused', 'done', 'cancelled']),
  dry_run: z.boolean(),
  create_domains: z.boolean(),
  rows: z.object({ read: count, created: count, updated: count, skipped: count, refused: count, unsettled: count }),
  domains_created: count,
  bytes: z.object({ read: count, total: count }),
  rows_per_second: count,
  seconds_left: count.optional(),
  last_error: z.string().optional(),
})
export type Import = z.output<typeof importShape>

/** A row of which nothing was done. */
export const refusedRowShape = z.object({
  row: count,
  line: count,
  code: z.string().optional(),
  sentence: z.string().optional(),
  username: z.string().optional(),
})
export type RefusedRow = z.output<typeof refusedRowShape>
