import { styleText } from 'node:util'
import type { Finding } from '#core/health'
import { printable } from '../../output/printable.ts'

export interface Diagnosis {
  /** The system's. */
  readonly name: string
  readonly findings: readonly Finding[]
}

export type Counts = Readonly<Record<Finding['state'], number>>

const marks = {
  right: { sign: '✓', colour: 'green' },
  doubtful: { sign: '!', colour: 'yellow' },
  wrong: { sign: '✗', colour: 'red' },
} as const satisfies Record<Finding['state'], unknown>

/** The system's name, and below it a line for each finding, with what to do about it. */
export function diagnosisText({ name, findings }: Diagnosis): string {
  return [name, ...findings.flatMap(findingLines)].join('\n')
}

/** In colours where the standard output is a terminal that shows them. */
function findingLines({ state, sentence, mend }: Finding): readonly string[] {
  const { sign, colour } = marks[state]
  const line = `  ${styleText(colour, sign)} ${plain(sentence)}`
  return mend === undefined ? [line] : [line, `      ${plain(mend)}`]
}

function plain(text: string): string {
  return printable(text).replace(/\.$/, '')
}

export function countsOf(diagnoses: readonly Diagnosis[]): Counts {
  const states = diagnoses.flatMap(({ findings }) => findings.map(({ state }) => state))
  const count = (state: Finding['state']): number => states.filter((other) => other === state).length
  return { right: count('right'), doubtful: count('doubtful'), wrong: count('wrong') }
}

export function summary({ right, doubtful, wrong }: Counts): string {
  return `${right} right, ${doubtful} doubtful, ${wrong} wrong`
}
