import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { Finding } from '#core/health'
import { diagnose } from './diagnose.ts'
import { countsOf, diagnosisText, summary } from './diagnosis.ts'

const right: Finding = { state: 'right', sentence: 'It is fine.' }

async function* fine() {
  await pause(0)
  yield right
}

async function* broken() {
  yield* fine()
  throw new Error('it broke')
}

async function* endless() {
  yield* fine()
  await new Promise(() => undefined)
}

describe('a diagnosis', () => {
  it.each([
    ['that fails', broken, 'The examination failed: it broke'],
    ['that does not end', endless, 'The examination did not end within 0.05 seconds'],
  ])('of an examination %s tells what was found, and that', async (_name, examine, sentence) => {
    const { findings } = await diagnose({ name: 'It', examine }, 0.05)
    expect(findings).toEqual([right, { state: 'wrong', sentence, mend: 'see that the system answers, and try again' }])
  })

  it('is a line for each finding, with what to do below it', async () => {
    const wrong: Finding = { state: 'wrong', sentence: 'It is\u001b[31m off', mend: 'mend it.' }
    const diagnosis = { name: 'It', findings: [right, { ...wrong, state: 'doubtful' as const }, wrong] }
    expect(diagnosisText(diagnosis)).toBe(
      ['It', '  ✓ It is fine', '  ! It is [31m off', '      mend it', '  ✗ It is [31m off', '      mend it'].join('\n'),
    )
    expect(summary(countsOf([diagnosis, await diagnose({ name: 'Other', examine: fine })]))).toBe(
      '2 right, 1 doubtful, 1 wrong',
    )
  })
})
