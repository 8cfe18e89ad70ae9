import { CommanderError } from 'commander'
import { CannotRun } from './cannot-run.ts'
import { ExitCode } from './exit-code.ts'
import { printable } from './output/printable.ts'
import { createProgram } from './program.ts'

function exitCodeOf(error: unknown): number {
  // commander has said it already; it throws for --help and --version, too
  if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.done : ExitCode.cannotRun
  console.error(`kitter: ${sentenceOf(error)}`)
  return ExitCode.cannotRun
}

function sentenceOf(error: unknown): string {
  if (error instanceof CannotRun) return error.message
  return `Something unexpected went wrong in this command: ${printable(error instanceof Error ? error.message : String(error))}`
}

// whoever reads may stop reading: `kitter import people.csv | head -1`
process.stdout.on('error', () => undefined)
process.stderr.on('error', () => undefined)

try {
  await createProgram((exitCode) => (process.exitCode = exitCode)).parseAsync()
} catch (error) {
  process.exitCode = exitCodeOf(error)
}
