import { deleteGradually } from './delete-gradually.ts'
import type { Queries } from './queries.ts'
import { stagingTables } from './staging-tables.ts'

/** Removes everything that was staged for the reconciliations that meet the condition. */
export async function forgetStaged(queries: Queries, where: string, ...parameters: readonly unknown[]): Promise<void> {
  for (const table of Object.values(stagingTables)) await deleteGradually(queries, table, where, ...parameters)
}
