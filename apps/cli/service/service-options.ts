import type { Command } from 'commander'

export interface ServiceOptions {
  readonly url?: string
  readonly token?: string
}

export function addServiceOptions(command: Command): Command {
  return command
    .option('--url <url>', 'where the service is (else KITTER_URL, else the service.json of a kitter started here)')
    .option(
      '--token <token>',
      'an access token (else KITTER_TOKEN, which others on this machine do not see; else admin-token)',
    )
}
