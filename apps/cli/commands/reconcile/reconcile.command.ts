import { Command } from 'commander'
import type { ExitCode } from '../../exit-code.ts'
import { seconds } from '../../seconds.ts'
import { addServiceOptions } from '../../service/service-options.ts'
import type { ReconcileOptions } from './reconcile.ts'

const help = `
Without --apply it looks, and changes nothing. With --apply it looks, shows what
differs, and asks before anything is mended; then it looks anew, and mends
what differs by that time. Where there is no terminal to ask on, it needs
--yes, which asks nothing.

Each row of what it shows is a user or domain: what would mend it, what came of
that, and what differs. The remedies:
  restore   make again what is missing
  align     give all the same values
  adopt     make kitter's own what it never made: with --adopt only
  remove    take away what is left of what was removed elsewhere: with --delete
            only
  none      kitter never made it, and leaves it as it is

Ctrl-C cancels the reconciliation at the service; what is mended stays mended.
It needs a token with the role kitter-admin, which must be good until the end.

Exit codes: 0 nothing differs, or not any more, 1 something does or it failed,
2 it could not run or lost the service, 130 interrupted.

Examples:
  $ kitter reconcile --domain acme.example
  $ kitter reconcile --apply --adopt
`

const needingApply = ['adopt', 'delete', 'force', 'yes'] as const

export function reconcileCommand(finish: (exitCode: ExitCode) => void): Command {
  const command = new Command('reconcile')
    .description('Finds what differs between Keycloak, wac-core and kitter, and mends it.')
    .option('--domain <domain>', 'only this domain, without those below it')
    .option('--apply', 'mend what differs')
    .option('--adopt', "also make kitter's own what it never made")
    .option('--delete', 'take away what is left of what was removed elsewhere, instead of making it again')
    .option('--force', 'mend also where one system lacks more than a tenth of the users')
    .option('--yes', 'mend without asking')
    .option('--patience <seconds>', 'for how long to wait for a service that goes away', seconds, 60)
  return addServiceOptions(command)
    .addHelpText('after', help)
    .action(async (options: ReconcileOptions) => {
      const pointless = needingApply.find((option) => options[option] === true && options.apply !== true)
      if (pointless !== undefined) command.error(`error: option '--${pointless}' needs --apply`)
      if (options.domain === 'all')
        command.error("error: 'all' can't be the only domain: to the service it means all of them")
      // what other commands need not wait for
      const { reconcile } = await import('./reconcile.ts')
      finish(await reconcile(options))
    })
}
