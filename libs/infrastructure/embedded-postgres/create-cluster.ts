import { randomBytes } from 'node:crypto'
import { chown, open, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { StartError } from '#kernel'
import { initialSettings } from './cluster-settings.ts'
import { clusterWorkshop } from './cluster-workshop.ts'
import type { DataFolder } from './data-folder.ts'
import type { PostgresAccount } from './postgres-account.ts'
import type { PostgresLauncher } from './postgres-launcher.ts'
import { tellingLine } from './telling-line.ts'

export interface ClusterPlan {
  readonly folder: DataFolder
  readonly initdb: string
  readonly account: PostgresAccount | undefined
  readonly launcher: PostgresLauncher
}

/** Makes the cluster beside its place and moves it there when it's whole and on the disk: a start that is cut leaves none. */
export async function createCluster({ folder, initdb, account, launcher }: ClusterPlan): Promise<void> {
  const workshop = await clusterWorkshop.open(folder)
  const [cluster, password] = [join(workshop, 'cluster'), join(workshop, 'password')]
  try {
    await writeFile(password, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600, flush: true })
    if (account !== undefined) await giveTo(account, [workshop, password])
    const end = await launcher.run(initdb, initdbArguments(cluster, password))
    if (!end.succeeded)
      throw new StartError(`initdb could not make ${folder.cluster}: ${tellingLine(end.said) ?? 'it failed'}.`)
    if (account !== undefined) await giveTo({ uid: 0, gid: 0 }, [password])
    await rename(password, folder.password)
    await rename(cluster, folder.cluster)
    await flushFolder(folder.path)
  } finally {
    await clusterWorkshop.close(workshop)
  }
}

async function giveTo({ uid, gid }: PostgresAccount, paths: readonly string[]): Promise<void> {
  for (const path of paths) await chown(path, uid, gid)
}

/**
 * Nothing is left to the machine's locale, which may be ASCII or unset. Sorting and case are Postgres' own (`builtin`), the
 * same everywhere; what pg_trgm takes for a letter comes from the system's locale all the same, and with plain C É is none.
 */
function initdbArguments(cluster: string, password: string): readonly string[] {
  return [
    `--pgdata=${cluster}`,
    '--username=kitter',
    `--pwfile=${password}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    process.platform === 'darwin' ? '--locale=en_US.UTF-8' : '--locale=C.UTF-8',
    '--no-instructions',
    ...(process.platform === 'linux' ? ['--sync-method=syncfs'] : []),
    ...initialSettings.flatMap((setting) => ['--set', setting]),
  ]
}

async function flushFolder(path: string): Promise<void> {
  const handle = await open(path, 'r')
  await handle.sync().finally(() => handle.close())
}
