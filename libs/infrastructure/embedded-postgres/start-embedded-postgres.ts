import { clearOrphan } from './clear-orphan.ts'
import { clusterWorkshop } from './cluster-workshop.ts'
import { createCluster } from './create-cluster.ts'
import { createPostgresLauncher } from './create-postgres-launcher.ts'
import type { DataFolder } from './data-folder.ts'
import { dataFolderError } from './data-folder-error.ts'
import type { EmbeddedPostgres } from './embedded-postgres.ts'
import { findPostgresAccount } from './find-postgres-account.ts'
import { findPostgresBinaries } from './find-postgres-binaries.ts'
import { hasCluster } from './has-cluster.ts'
import { lockDataFolder } from './lock-data-folder.ts'
import { openDataFolder } from './open-data-folder.ts'
import { ownCluster } from './own-cluster.ts'
import type { PostgresBinaries } from './postgres-binaries.ts'
import type { PostgresLauncher } from './postgres-launcher.ts'
import { PostgresLog } from './postgres-log.ts'
import { readClusterPassword } from './read-cluster-password.ts'
import { RunningPostgres } from './running-postgres.ts'
import { startPostmaster } from './start-postmaster.ts'

export interface EmbeddedPostgresOptions {
  readonly dataDir: string
  readonly log: (message: string) => void
}

/** Starts the Postgres of a data folder, or throws a `StartError`. Nobody else can start it until it's stopped. */
export async function startEmbeddedPostgres({ dataDir, log }: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const binaries = await findPostgresBinaries()
  const folder = await openDataFolder(dataDir)
  const resources = new AsyncDisposableStack()
  try {
    resources.adopt(lockDataFolder(folder), (lock) => lock.release())
    const postgresLog = resources.adopt(await PostgresLog.open(folder.log), (opened) => opened.close())
    const launcher = await prepareCluster(folder, binaries, log)
    const password = await readClusterPassword(folder)
    const plan = { folder, postgres: binaries.postgres, launcher, log: postgresLog, password }
    const postmaster = resources.adopt(await startPostmaster(plan), (started) => started.stop())
    return new RunningPostgres({ postmaster, password, log: postgresLog, logged: await postgresLog.size(), resources })
  } catch (error) {
    await resources.disposeAsync()
    throw dataFolderError(folder.path, error)
  }
}

/** Sees to it that there is a cluster that nobody uses, and tells how to run Postgres on it. */
async function prepareCluster(
  folder: DataFolder,
  { initdb, major }: PostgresBinaries,
  log: (message: string) => void,
): Promise<PostgresLauncher> {
  await clusterWorkshop.closeAbandoned(folder)
  const account = await findPostgresAccount(folder.cluster)
  if (await hasCluster(folder.cluster, major)) {
    await clearOrphan(folder.cluster, log)
    await ownCluster(folder.cluster, account)
    return createPostgresLauncher(account, { program: initdb, folder: folder.cluster })
  }
  const launcher = await createPostgresLauncher(account, { program: initdb, folder: folder.path })
  log(`Making a Postgres cluster in ${folder.cluster}`)
  await createCluster({ folder, initdb, account, launcher })
  return launcher
}
