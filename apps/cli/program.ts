import { Command } from 'commander'
import { importCommand } from './commands/import/import.command.ts'
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
    .description('Works with a running kitter service: brings people into it, and gets tokens for it.')
    .version(version(), '--version', 'print the version')
    .helpOption('-h, --help', 'show this help')
    .addHelpText('after', example)
  for (const command of [importCommand(finish), tokenCommand(finish)]) program.addCommand(command)
  for (const command of [program, ...program.commands]) answerLikeKitter(command)
  return program
}

/** Commands that are added as objects inherit nothing from the program. */
function answerLikeKitter(command: Command): void {
  command
    .exitOverride()
    .helpOption('-h, --help', 'show this help')
    .showHelpAfterError('(--help tells more)')
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'kitter: ')) })
}
