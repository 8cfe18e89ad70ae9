/**
 * The same work through kitter and with Keycloak directly, side by side, on this machine; writes docs/benchmarks.md.
 * `npm run bench -- [--size 10000] [--only create,import,search,logout] [--rounds 3] [--into docs]`
 */
import { startBench } from './bench.ts'
import { createRows } from './create-rows.ts'
import { importRows } from './import-rows.ts'
import { logoutRows } from './logout-rows.ts'
import { optionsFrom } from './options.ts'
import { describePairs } from './describe-pairs.ts'
import { describeRow } from './describe-row.ts'
import { measure, type RowResult } from './row.ts'
import { runUntilTold } from './run-until-told.ts'
import { searchRows } from './search-rows.ts'
import { makeWorld } from './world.ts'
import { writePage } from './write-page.ts'

const rowsOf = { create: createRows, import: importRows, search: searchRows, logout: logoutRows }

await runUntilTold(async (resources, say) => {
  const options = optionsFrom(process.argv.slice(2))
  const bench = await startBench(options.nodeOptions, resources)
  say('Keycloak and Postgres are there')
  const results: RowResult[] = []
  for (const group of options.groups) {
    // ended before the next one begins, and where the run is cut
    const stage = resources.use(new AsyncDisposableStack())
    const world = await makeWorld(bench, group, stage)
    for (const row of await rowsOf[group]({ bench, world, share: options.share })) {
      const result = await measure(row, options.rounds, say)
      results.push(result)
      say(describeRow(result))
    }
    await stage.disposeAsync()
  }
  const page = await writePage(options.into, 'pairs', await describePairs(bench, results, options))
  say(`Written: ${page}`)
})
