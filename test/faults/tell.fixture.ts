import type { Figures } from './trial.fixture.ts'

/** Figures are worth seeing also when all is well. */
export function tell({ tried, recoverySeconds, problems }: Figures): void {
  const recovery = recoverySeconds > 0 ? `, recovery in ${recoverySeconds.toFixed(1)} s at most` : ''
  process.stdout.write(`${tried} faults, ${problems.length} problems${recovery}\n`)
}
