import { Command } from 'commander'
import type { ExitCode } from '../../exit-code.ts'
import { seconds } from '../../seconds.ts'
import { addServiceOptions } from '../../service/service-options.ts'
import { type ImportOptions, importPeople } from './import-people.ts'

const help = `
Columns, named in the first line:
  username, domain                           required
  email, first_name, last_name, phone_number
  enabled, email_verified                    true or false, yes or no, 1 or 0
  password, temporary                        temporary (true or false): another
                                             must be chosen at the next log-in
A blank cell is not given. Who is there already, in the same domain, stays as
they are, so running the same import again is safe. Refused rows are written to
a file in the current folder, named after FILE and ending with .refused.csv,
with the reason beside each: mend them there and import that file.

Exit codes: 0 all are there, 1 rows were refused, 2 it could not run or had to
end early, 130 interrupted.

Example:
  $ kitter import people.csv --create-domains
`

export function importCommand(finish: (exitCode: ExitCode) => void): Command {
  const command = new Command('import')
    .description('Brings the people of a CSV file into kitter.')
    .argument('<file>', 'a CSV file in UTF-8, or - for the standard input')
    .option('--create-domains', 'create domains that kitter does not know yet, below the root')
    .option('--patience <seconds>', 'for how long to wait for a service that goes away', seconds, 60)
  return addServiceOptions(command)
    .addHelpText('after', help)
    .action(async (file: string, options: ImportOptions) => finish(await importPeople(file, options)))
}
