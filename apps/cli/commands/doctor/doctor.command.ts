import { Command } from 'commander'
import type { ExitCode } from '../../exit-code.ts'
import { type DoctorOptions, examineSystems } from './examine-systems.ts'

const help = `
The settings are those that kitter itself would start with: the environment's,
and those of a file .env in the current folder.

Exit codes: 0 nothing is wrong, 1 something is, 2 it could not look.

Example:
  $ kitter doctor
`

export function doctorCommand(finish: (exitCode: ExitCode) => void): Command {
  return new Command('doctor')
    .description('Checks every system that kitter relies on, and says how to mend what is wrong.')
    .option('--json', 'tell it as JSON')
    .addHelpText('after', help)
    .action(async (options: DoctorOptions) => finish(await examineSystems(options)))
}
