import { once } from 'node:events'
import { createServer } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createPostgresLauncher } from './create-postgres-launcher.ts'
import { findPostgresAccount } from './find-postgres-account.ts'
import { findPostgresBinaries } from './find-postgres-binaries.ts'
import { freePort } from './free-port.ts'
import { Laboratory } from './laboratory.fixture.ts'
import { openDataFolder } from './open-data-folder.ts'
import { PostgresLog } from './postgres-log.ts'
import { readClusterPassword } from './read-cluster-password.ts'
import { type PostmasterPlan, startPostmaster } from './start-postmaster.ts'

let laboratory: Laboratory

beforeEach(() => {
  laboratory = new Laboratory()
})
afterEach(() => laboratory.clear(), 60_000)

async function takenPort(): Promise<number> {
  const server = createServer().listen(await freePort(), '127.0.0.1')
  await once(server, 'listening')
  laboratory.afterwards(() => Promise.resolve(server.close()))
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

async function planOnReadyCluster(): Promise<PostmasterPlan> {
  const dataDir = await laboratory.folder()
  await (await laboratory.start(dataDir)).stop()
  const folder = await openDataFolder(dataDir)
  const { postgres, initdb } = await findPostgresBinaries()
  const account = await findPostgresAccount(folder.cluster)
  const launcher = await createPostgresLauncher(account, { program: initdb, folder: folder.cluster })
  const log = await PostgresLog.open(folder.log)
  laboratory.afterwards(() => log.close())
  return { folder, postgres, launcher, log, password: await readClusterPassword(folder) }
}

describe('Starting the postmaster', { timeout: 60_000 }, () => {
  it('takes another port when somebody was quicker', async () => {
    const taken = await takenPort()
    const ports = [taken, taken, await freePort()]
    const wanted = ports.at(-1)
    const plan = { ...(await planOnReadyCluster()), pickPort: () => Promise.resolve(ports.shift() ?? 0) }

    const postmaster = await startPostmaster(plan)
    laboratory.afterwards(() => postmaster.stop())
    expect(postmaster.port).toBe(wanted)
  })

  it('says why when the ports are always taken', async () => {
    const taken = await takenPort()
    const plan = { ...(await planOnReadyCluster()), pickPort: () => Promise.resolve(taken) }
    await expect(startPostmaster(plan)).rejects.toThrow('Postgres could not start: could not create any TCP/IP sockets')
  })
})
