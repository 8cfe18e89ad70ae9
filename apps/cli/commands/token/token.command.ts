import { Command, Option } from 'commander'
import { CannotRun } from '../../cannot-run.ts'
import { readEnvironment } from '../../environment.ts'
import { ExitCode } from '../../exit-code.ts'
import { seconds } from '../../seconds.ts'
import { findService } from '../../service/find-service.ts'
import { addServiceOptions, type ServiceOptions } from '../../service/service-options.ts'
import { exchangeToken, tokenRoles, type TokenWish } from './exchange-token.ts'

const help = `
Example:
  $ kitter token --role kitter-domain-admin --domain acme.example
`

export function tokenCommand(finish: (exitCode: ExitCode) => void): Command {
  const command = new Command('token')
    .description('Prints an access token with a role, for trying kitter out. Only a kitter on the sandbox gives one.')
    .addOption(new Option('--role <role>', 'what the token lets do').choices(tokenRoles).makeOptionMandatory())
    .option('--domain <domain>', 'the domain that a kitter-domain-admin administers')
    .option('--lifetime <seconds>', 'for how long it is good', seconds)
  return addServiceOptions(command)
    .addHelpText('after', help)
    .action(async (options: TokenWish & ServiceOptions) => {
      if (options.role === 'kitter-domain-admin' && options.domain === undefined) {
        throw new CannotRun('The role kitter-domain-admin needs --domain.')
      }
      const access = await findService(options, readEnvironment())
      console.log(await exchangeToken(access, options))
      finish(ExitCode.done)
    })
}
