import fc from 'fast-check'
import { expect, it } from 'vitest'
import { isLong } from './length.fixture.ts'
import { RandomRun, rounds } from './random-run.fixture.ts'

const commands = isLong ? 4800 : 120
const { FAULTS_SEED } = process.env
/** In short the same world every time: others are for whoever has the time to look into what they show. */
const ownSeed = isLong ? Math.floor(Math.random() * 2 ** 31) : 20_260_722
const seed = FAULTS_SEED === undefined ? ownSeed : Number(FAULTS_SEED)

it(`Whatever comes together (FAULTS_SEED=${seed} again)`, { timeout: isLong ? 3_600_000 : 120_000 }, async () => {
  const [plan = []] = fc.sample(rounds(commands), { numRuns: 1, seed })
  await using run = await RandomRun.start()
  for (const round of plan) await run.play(round)
  const { problems, figures } = await run.end()
  process.stdout.write(`${JSON.stringify({ seed, ...figures, problems: problems.length })}\n`)
  expect(problems).toEqual([])
})
