import { Command } from 'commander'
import { bootstrapCommand } from './commands/bootstrap/bootstrap.command.ts'
import { doctorCommand } from './commands/doctor/doctor.command.ts'
import { exportCommand } from './commands/export/export.command.ts'
import { importCommand } from './commands/import/import.command.ts'
import { reconcileCommand } from './commands/reconcile/reconcile.command.ts'
import { tokenCommand } from './commands/token/token.command.ts'
import type { ExitCode } from './exit-code.ts'
import { version } from './version.ts'

const example = `
Example:
  $ kitter import people.csv --create-domains
`

/** The `kitter` command. `finish` learns how a command that ran has ended; commander throws for everything else. */
export function createProgram(finish: (exitCode: ExitCode) => void): Command {
  const program = new Command('kitter')
    .description(
      'Works with a kitter service: brings users into it and out of it, mends what differs, gets tokens for it, sets up and checks what it relies on.',
    )
    .version(version(), '--version', 'print the version')
    .helpOption('-h, --help', 'show this help')
    .addHelpText('after', example)
  const commands = [
    importCommand(finish),
    exportCommand(finish),
    reconcileCommand(finish),
    tokenCommand(finish),
    bootstrapCommand(finish),
    doctorCommand(finish),
  ]
  for (const command of commands) program.addCommand(command)
  answerLikeKitter(program)
  return program
}

/** Commands that are added as objects inherit nothing from the one above them. */
function answerLikeKitter(command: Command): void {
  command
    .exitOverride()
    .helpOption('-h, --help', 'show this help')
    .showHelpAfterError('(--help tells more)')
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'kitter: ')) })
  for (const below of command.commands) answerLikeKitter(below)
}
