import { Command } from 'commander'
import type { ExitCode } from '../../exit-code.ts'
import { type BootstrapKeycloakOptions, bootstrapKeycloak } from './bootstrap-keycloak.ts'

const help = `
The password of the administrator comes from --admin-password, else from the
variable KEYCLOAK_ADMIN_PASSWORD, else it is asked for on the terminal. One on
the command line can be seen by others of this machine (ps), and stays in the
shell's history.

The client's secret is the one of the variable KEYCLOAK_CLIENT_SECRET, which is
then not printed. Without one it stays as it is, Keycloak makes the secret of a
new client, and it is printed with the others. It may have letters, digits and
the signs _ . : / @ % + , = ~ [ ] - only: what reads a file of variables doesn't
agree on others.

Only what differs is changed, so running it again is safe. The variables to set
go to the standard output, and everything else to the standard error.

Exit codes: 0 the realm is fit, 2 it could not be made so, 130 interrupted.

Example:
  $ kitter bootstrap keycloak --url https://id.example.com --realm people \\
      --admin-user admin >> .env
`

export function bootstrapCommand(finish: (exitCode: ExitCode) => void): Command {
  return new Command('bootstrap')
    .description('Makes the systems around kitter fit for it.')
    .addCommand(keycloakCommand(finish))
}

function keycloakCommand(finish: (exitCode: ExitCode) => void): Command {
  return new Command('keycloak')
    .description('Makes a realm of Keycloak fit for kitter, and prints the variables to set.')
    .requiredOption('--url <url>', 'where Keycloak is, with its path if it has one')
    .requiredOption('--realm <realm>', 'the realm, which is made if it is not there')
    .requiredOption('--admin-user <name>', 'an administrator of Keycloak')
    .option('--admin-password <password>', 'their password; see below for better ways')
    .option('--admin-realm <realm>', 'the realm that the administrator lives in', 'master')
    .option('--client-id <id>', 'the client by which kitter works there', 'kitter')
    .option('--audience <name>', 'whom tokens for kitter are meant for', 'kitter')
    .option('--dry-run', 'only tell what would be changed')
    .addHelpText('after', help)
    .action(async (options: BootstrapKeycloakOptions) => finish(await bootstrapKeycloak(options)))
}
