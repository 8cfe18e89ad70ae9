import fc from 'fast-check'
import { expect, it } from 'vitest'
import { isLong } from './length.fixture.ts'
import { RandomRun, rounds } from './random-run.fixture.ts'

const commands = isLong ? 4800 : 120
const { FAULTS_SEED } = process.env
const seed = FAULTS_SEED === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(FAULTS_SEED)

it(`Whatever comes together (FAULTS_SEED=${seed} again)`, { timeout: isLong ? 3_600_000 : 120_000 }, async () => {
  const [plan = []] = fc.sample(rounds(commands), { numRuns: 1, seed })
  await using run = await RandomRun.start()
  for (const round of plan) await run.play(round)
  const { problems, figures } = await run.end()
  process.stdout.write(`${JSON.stringify({ seed, ...figures, problems: problems.length })}\n`)
  expect(problems).toEqual([])
})
