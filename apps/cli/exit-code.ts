/** How a command ends. Scripts rely on the numbers; a signal's is what shells make of it. */
export const ExitCode = {
  done: 0,
  someRefused: 1,
  someLeftOut: 1,
  somethingWrong: 1,
  cannotRun: 2,
  interrupted: 130,
  readerGone: 141,
  terminated: 143,
} as const
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode]
