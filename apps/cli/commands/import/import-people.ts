import { readEnvironment } from '../../environment.ts'
import type { ExitCode } from '../../exit-code.ts'
import { progressOn } from '../../output/progress-on.ts'
import { findService } from '../../service/find-service.ts'
import type { ServiceOptions } from '../../service/service-options.ts'
import { ImportRun } from './import-run.ts'
import { openInput } from './input.ts'

export interface ImportOptions extends ServiceOptions {
  readonly createDomains?: boolean
  readonly patience: number
}

/** Provisions the people of a CSV file, and says what became of them. */
export async function importPeople(file: string, options: ImportOptions): Promise<ExitCode> {
  const { createDomains = false, patience } = options
  const access = await findService(options, readEnvironment())
  const input = await openInput(file)
  const progress = progressOn(process.stderr)
  try {
    return await new ImportRun({ input, access, progress, createDomains, patience }).run()
  } finally {
    progress.stop()
    input.close()
  }
}
