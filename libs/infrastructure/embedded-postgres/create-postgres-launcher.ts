import { readFile } from 'node:fs/promises'
import { StartError } from '#kernel'
import { findClosedFolders } from './find-closed-folders.ts'
import type { PostgresAccount } from './postgres-account.ts'
import { PostgresLauncher } from './postgres-launcher.ts'
import { tellingLine } from './telling-line.ts'

const dacReadSearchBit = 2n

/** `program` and `folder` are what the account has to reach. */
export async function createPostgresLauncher(
  account: PostgresAccount | undefined,
  { program, folder }: { readonly program: string; readonly folder: string },
): Promise<PostgresLauncher> {
  if (account === undefined) return new PostgresLauncher(account)
  const closed = new Set((await Promise.all([program, folder].map((path) => findClosedFolders(path, account)))).flat())
  if (closed.size === 0) return new PostgresLauncher(account)

  const launcher = new PostgresLauncher(account, throughClosedFolders(account, await capability()))
  const trial = await launcher.run(program, ['--version'])
  if (trial.succeeded) return launcher
  throw new StartError(
    `Postgres refuses to run as root, and the user that it runs as instead (id ${account.uid}) may not pass ${[...closed].join(', ')} ` +
      `(setpriv: ${tellingLine(trial.said) ?? 'failed'}): open it by chmod o+x, or set KITTER_DATA_DIR to another folder, ` +
      'or DATABASE_URL to a Postgres 15 or newer.',
  )
}

/**
 * The account gets one ability beyond its own: to pass folders that are closed to it. `no_setuid_fixup` is needed because
 * Postgres asks access(2) whether it may run itself, and Linux answers that without abilities otherwise.
 */
function throughClosedFolders({ uid, gid }: PostgresAccount, ability: string): readonly string[] {
  return [
    'setpriv',
    `--reuid=${uid}`,
    `--regid=${gid}`,
    '--clear-groups',
    `--inh-caps=+${ability}`,
    `--ambient-caps=+${ability}`,
    '--securebits=+no_setuid_fixup',
    '--',
  ]
}

/** Containers usually have `dac_override` only, which includes the other. */
async function capability(): Promise<string> {
  const status = await readFile('/proc/self/status', 'utf8').catch(() => '')
  const bounding = BigInt(`0x${/^CapBnd:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0'}`)
  return ((bounding >> dacReadSearchBit) & 1n) === 1n ? 'dac_read_search' : 'dac_override'
}
