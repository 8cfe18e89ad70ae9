import { CannotRun } from '../../cannot-run.ts'
import { readEnvironment } from '../../environment.ts'
import type { ExitCode } from '../../exit-code.ts'
import { findService } from '../../service/find-service.ts'
import type { ServiceOptions } from '../../service/service-options.ts'
import { ReconcileRun } from './reconcile-run.ts'

export interface ReconcileOptions extends ServiceOptions {
  readonly domain?: string
  readonly apply?: boolean
  readonly adopt?: boolean
  readonly delete?: boolean
  readonly force?: true
  readonly yes?: boolean
  readonly patience: number
}

/** Has the service compare all systems, and mend what differs where that is wished. */
export async function reconcile(options: ReconcileOptions): Promise<ExitCode> {
  const { domain, apply = false, adopt = false, delete: remove = false, yes = false, force, patience } = options
  const asks = apply && !yes
  if (asks && !(process.stdin.isTTY && process.stderr.isTTY)) {
    throw new CannotRun('There is no terminal to ask on whether to mend what differs: say --yes to mend it unasked.')
  }
  const access = await findService(options, readEnvironment())
  const wish = { domain, apply, adopt, delete: remove, ...(force && { force }) }
  return new ReconcileRun({ access, wish, asks, patience }).run()
}
