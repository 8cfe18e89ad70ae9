/**
 * How cost grows with the number of users, through kitter and with Keycloak directly; writes the second part of
 * docs/benchmarks.md. `npm run bench:scale -- [--most 1000000] [--into docs]`
 */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startBench } from './bench.ts'
import { describeScale } from './describe-scale.ts'
import { runUntilTold } from './run-until-told.ts'
import { type ScalePoint, scalePoints, sizes } from './scale-points.ts'
import { makeWorld } from './world.ts'
import { docs, writePage } from './write-page.ts'

const all = String(sizes.at(-1))

await runUntilTold(async (resources, say) => {
  const { values } = parseArgs({ options: { most: { type: 'string', default: all }, into: { type: 'string' } } })
  const bench = await startBench([], resources)
  const world = await makeWorld(bench, 'scale', resources)
  const points: ScalePoint[] = []
  for await (const point of scalePoints(bench, world, Number(values.most))) {
    points.push(point)
    const { users, title, kitter, directly } = point
    say(`${users} users, ${title}: kitter ${kitter.toFixed(2)} ms, directly ${directly?.toFixed(2) ?? '-'} ms`)
  }
  const trial = (): string => mkdtempSync(join(tmpdir(), 'kitter-bench-report-'))
  const into = values.into ?? (values.most === all ? docs : trial())
  say(`Written: ${await writePage(into, 'scale', await describeScale(bench, points))}`)
})
