import { Command, Option } from 'commander'
import type { ExitCode } from '../../exit-code.ts'
import { fileFormats } from '../../output/file-format.ts'
import { pair } from '../../pair.ts'
import { seconds } from '../../seconds.ts'
import { addServiceOptions } from '../../service/service-options.ts'
import { type ExportOptions, exportUsers, type Terms } from './export-users.ts'

const help = `
FILE is NDJSON if its name ends with .ndjson or .jsonl, else CSV, and packed
with gzip if its name ends with .gz. It is there when all of it is, and nobody
else may read it. It never holds passwords. What is in it, kitter import takes
back.

CSV has the columns username, domain, email, first_name, last_name,
phone_number, enabled, email_verified, and attributes with all others as JSON.
Cells are as they are, also those that a spreadsheet takes for formulas: have it
read them as text.

Users come in the order in which they were created: none is missed and none
comes twice while others are changed. A domain admin gets those of the domain
and of the domains below it.

An import takes lines of up to 1 MiB: users with longer ones are left out, and
named. Lines of NDJSON are shorter than those of CSV.

Exit codes: 0 all are there, 1 some were left out, 2 it could not run or lost
the service, 130 interrupted, 141 nobody reads on.

Examples:
  $ kitter export people.csv
  $ kitter export --domain acme.example --format ndjson | gzip > acme.ndjson.gz
  $ kitter export --equals attributes.team=Support support.csv
`

export function exportCommand(finish: (exitCode: ExitCode) => void): Command {
  const command = new Command('export')
    .description('Writes users to a file that can be imported again.')
    .argument('[file]', 'the file, or nothing for the standard output')
    .addOption(new Option('--format <format>', 'what to write').choices(fileFormats))
    .option('--domain <domain>', 'only users of this domain, without those below it')
    .option('--search <words>', 'only users with these words in their names, address or number')
    .option('--starts-with <field=text>', 'only users whose field begins so; again for others', term)
    .option('--contains <field=text>', 'only users in whose field this is', term)
    .option('--equals <field=text>', 'only users whose field is this', term)
    .option('--force', 'replace a file that is there')
    .option('--patience <seconds>', 'for how long to wait for a service that goes away', seconds, 60)
  return addServiceOptions(command)
    .addHelpText('after', help)
    .action(async (file: string | undefined, options: ExportOptions) => finish(await exportUsers(file, options)))
}

function term(text: string, terms: Terms = []): Terms {
  return [...terms, pair(text, 'a field and its text: last_name=Doe, or attributes.team=Support')]
}
