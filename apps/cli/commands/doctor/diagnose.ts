import type { Finding } from '#core/health'
import { counted } from '../../output/counted.ts'
import type { Diagnosis } from './diagnosis.ts'
import type { ExaminedSystem } from './examined-system.ts'

const longest = 30

/** All that is found out about a system; what can't be ended in time is told of, too. */
export async function diagnose(system: ExaminedSystem, seconds = longest): Promise<Diagnosis> {
  const findings: Finding[] = []
  const { promise: late, resolve } = Promise.withResolvers<string>()
  const timer = setTimeout(
    () => resolve(`The examination did not end within ${counted(seconds, 'second')}`),
    seconds * 1000,
  )
  const problem = await Promise.race([collect(system.examine(), findings), late])
  clearTimeout(timer)
  // a copy: what comes too late doesn't change it
  return { name: system.name, findings: problem === undefined ? findings : [...findings, wrong(problem)] }
}

async function collect(examination: AsyncIterable<Finding>, findings: Finding[]): Promise<string | undefined> {
  try {
    for await (const finding of examination) findings.push(finding)
    return undefined
  } catch (error) {
    return `The examination failed: ${error instanceof Error ? error.message : String(error)}`
  }
}

function wrong(sentence: string): Finding {
  return { state: 'wrong', sentence, mend: 'see that the system answers, and try again' }
}
