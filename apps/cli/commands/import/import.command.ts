import { Command, InvalidArgumentError, Option } from 'commander'
import { isUuid } from '#kernel'
import type { ExitCode } from '../../exit-code.ts'
import { fileFormats } from '../../output/file-format.ts'
import { pair } from '../../pair.ts'
import { seconds } from '../../seconds.ts'
import { addServiceOptions } from '../../service/service-options.ts'
import { type ImportOptions, importUsers } from './import-users.ts'
import { existingPolicies } from './import-wish.ts'

const help = `
FILE is CSV, or NDJSON if its name ends with .ndjson or .jsonl, packed with gzip
or not. The columns of CSV, named in the first line:
  username, domain                           required
  email, first_name, last_name, phone_number
  enabled, email_verified                    true or false, yes or no, 1 or 0
  password or password_hash, temporary       temporary (true or false): another
                                             must be chosen at the next log-in
  attributes.NAME, attributes                one attribute, or all as JSON
A blank cell is not given. A row of NDJSON is a user as POST /users takes one.
Instead of FILE, --from takes the users of another platform's account (Kazoo's),
as its API tells them: JSON documents, one after another or in a list.

The service does the work, also if this command ends. Who is there already stays
as they are, so importing a file again is safe. Refused rows are written to a
file in the current folder, named after FILE and ending with .refused.csv (or
.refused.ndjson), with the reason beside each: mend them there and import that
file. It may hold passwords, and nobody else may read it. It replaces refused
rows of an earlier import, and no other file; a dry run replaces none.

Ctrl-C while the file is sent: nothing is imported. Later it asks whether to
cancel the import, to detach from it, or to go on; Ctrl-C again detaches. Where
there is no terminal to ask on, and on SIGTERM, an import that was started here
is cancelled, and one that is followed goes on. What was imported stays so.

Exit codes: 0 all are there, 1 rows were refused, 2 it could not run, was paused
or cancelled, or the service was lost, 130 interrupted. With --detach, 0 as soon
as the service has the file.

Examples:
  $ kitter import people.csv --create-domains
  $ kitter import people.csv --dry-run --column username=Login
  $ kitter import --from kazoo-export.json --domain acme.example
  $ gzip -dc people.ndjson.gz | kitter import - --format ndjson --detach
`

const instead = ['dryRun', 'onExisting', 'createDomains', 'detach', 'domain'] as const

export function importCommand(finish: (exitCode: ExitCode) => void): Command {
  const command = new Command('import')
    .description('Brings the users of a file into kitter.')
    .argument('[file]', 'the file, or - for the standard input')
    .option('--dry-run', 'say what would come of each row, and change nothing')
    .addOption(onExisting())
    .option('--create-domains', 'create domains that kitter does not know yet, below the root')
    .option('--column <column=name>', 'what FILE calls a column, such as username=Login; again for others', column)
    .addOption(new Option('--format <format>', 'what FILE is').choices(fileFormats))
    .addOption(new Option('--from <file>', "an export of another platform's users").conflicts(['column', 'format']))
    .option('--domain <domain>', 'with --from: where its users go')
    .option('--dialect <name>', 'with --from: whose it is, as DIALECTS has it', 'kazoo')
    .option('--refused <file>', 'where to write refused rows')
    .option('--detach', 'do not wait for the end')
    .addOption(earlier('--follow <id>', 'show how far an earlier import is; with FILE, write its refused rows'))
    .addOption(earlier('--resume <id>', 'the same, and have it go on if it is paused').conflicts('follow'))
    .option('--patience <seconds>', 'for how long to wait for a service that goes away', seconds, 60)
  return addServiceOptions(command)
    .addHelpText('after', help)
    .action(async (file: string | undefined, options: ImportOptions) => {
      const problem = problemOf(file, options)
      if (problem !== undefined) command.error(`error: ${problem}`)
      finish(await importUsers(file, options))
    })
}

/** What commander can't say by itself. */
function problemOf(
  file: string | undefined,
  { from, domain, follow, resume }: Pick<ImportOptions, 'from' | 'domain' | 'follow' | 'resume'>,
): string | undefined {
  const isNew = follow === undefined && resume === undefined
  if (file !== undefined && from !== undefined) return "FILE and option '--from <file>' cannot be used together"
  if (from === undefined && domain !== undefined) return "option '--domain <domain>' is for --from only"
  if (isNew && from !== undefined && domain === undefined) return "option '--from <file>' needs --domain"
  return isNew && file === undefined && from === undefined ? "missing required argument 'file'" : undefined
}

function onExisting(): Option {
  const what = 'what becomes of users that are there'
  return new Option('--on-existing <what>', what).choices(existingPolicies).default('skip')
}

function earlier(flags: string, description: string): Option {
  return new Option(flags, description).argParser(importId).conflicts([...instead])
}

function importId(text: string): string {
  const id = text.toLowerCase()
  if (isUuid(id)) return id
  throw new InvalidArgumentError('It must be the id of an import, a UUID.')
}

function column(text: string, columns: ReadonlyMap<string, string> = new Map()): ReadonlyMap<string, string> {
  const [name, meant] = pair(text, "one of kitter's columns, and FILE's name for it: username=Login")
  if (columns.has(name)) throw new InvalidArgumentError(`${name} was said before.`)
  return new Map([...columns, [name, meant]])
}
