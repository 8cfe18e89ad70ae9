import { ExitCode } from './exit-code.ts'

/** Somebody wants the command to end. */
export class Interruption extends Error {
  readonly exitCode: ExitCode

  constructor(exitCode: ExitCode) {
    super('interrupted')
    this.name = 'Interruption'
    this.exitCode = exitCode
  }
}

/** Passes on the first Ctrl-C or SIGTERM; the next one ends the process at once. */
export async function whileInterruptible<Result>(
  work: () => Promise<Result>,
  handle: (interruption: Interruption) => void,
): Promise<Result> {
  const interrupt = (): void => handle(new Interruption(ExitCode.interrupted))
  const terminate = (): void => handle(new Interruption(ExitCode.terminated))
  process.once('SIGINT', interrupt)
  process.once('SIGTERM', terminate)
  try {
    return await work()
  } finally {
    process.off('SIGINT', interrupt)
    process.off('SIGTERM', terminate)
  }
}
