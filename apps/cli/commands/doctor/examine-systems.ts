import { ExitCode } from '../../exit-code.ts'
import { countsOf, diagnosisText, type Diagnosis, summary } from './diagnosis.ts'
import { diagnose } from './diagnose.ts'
import { readSettings } from './read-settings.ts'

export interface DoctorOptions {
  readonly json?: boolean
}

/** Looks at all systems at the same time, and tells of each as soon as those before it have been told of. */
export async function examineSystems({ json = false }: DoctorOptions): Promise<ExitCode> {
  const settings = await readSettings()
  // what other commands need not wait for
  const { configuredSystems } = await import('./configured-systems.ts')
  const systems = configuredSystems(settings)
  const diagnoses: Diagnosis[] = []
  for (const diagnosing of systems.map((system) => diagnose(system))) {
    const diagnosis = await diagnosing
    diagnoses.push(diagnosis)
    if (!json) console.log(diagnosisText(diagnosis))
  }
  const counts = countsOf(diagnoses)
  console.log(json ? JSON.stringify({ systems: diagnoses, ...counts }, undefined, 2) : summary(counts))
  return counts.wrong > 0 ? ExitCode.somethingWrong : ExitCode.done
}
