import { setTimeout as pause } from 'node:timers/promises'
import { DatabaseError } from 'pg'
import { StartError } from '#kernel'
import { fixedSettings } from './cluster-settings.ts'
import type { DataFolder } from './data-folder.ts'
import { ensureDatabase } from './ensure-database.ts'
import { freePort } from './free-port.ts'
import type { PostgresLauncher } from './postgres-launcher.ts'
import type { PostgresLog } from './postgres-log.ts'
import { Postmaster } from './postmaster.ts'
import { tellingLine } from './telling-line.ts'

const attempts = 20
const beforeTryingAgain = 100

/** Another program took the port; server processes whose postmaster was killed are still ending. */
const passing = /Address already in use|pre-existing shared memory block/

export interface PostmasterPlan {
  readonly folder: DataFolder
  readonly postgres: string
  readonly launcher: PostgresLauncher
  readonly log: PostgresLog
  readonly password: string
  readonly pickPort?: () => Promise<number>
}

/** Starts Postgres and waits until it serves the database `kitter`. */
export async function startPostmaster(plan: PostmasterPlan): Promise<Postmaster> {
  for (let attempt = 1; ; attempt += 1) {
    const before = await plan.log.size()
    const postmaster = await launch(plan)
    if (await serves(postmaster, plan)) return postmaster
    const said = await plan.log.textFrom(before)
    if (attempt === attempts || !passing.test(said)) throw startFailure(plan, said)
    await pause(beforeTryingAgain)
  }
}

async function launch({ folder, postgres, launcher, log, pickPort = freePort }: PostmasterPlan): Promise<Postmaster> {
  const port = await pickPort()
  const settings = fixedSettings(port).flatMap((setting) => ['-c', setting])
  return new Postmaster(launcher.start(postgres, ['-D', folder.cluster, ...settings], log.fd), folder.cluster, port)
}

async function serves(postmaster: Postmaster, plan: PostmasterPlan): Promise<boolean> {
  let ready = false
  try {
    ready = await ensureDatabase(postmaster, plan.password)
  } catch (error) {
    throw error instanceof DatabaseError ? refusal(plan.folder, error) : error
  } finally {
    if (!ready) await postmaster.stop()
  }
  return ready
}

function startFailure({ log }: PostmasterPlan, said: string): StartError {
  return new StartError(`Postgres could not start: ${tellingLine(said) ?? 'it said nothing'} (its log is ${log.path}).`)
}

function refusal(folder: DataFolder, error: DatabaseError): StartError {
  return new StartError(refusalSentence(folder, error), { cause: error })
}

function refusalSentence({ path, password, cluster }: DataFolder, { code, message }: DatabaseError): string {
  if (code === '28P01') return `The password in ${password} is not the one of the cluster ${cluster}: restore the file.`
  if (code === '53100') return `The disk of kitter's data folder ${path} is full: make room (${message}).`
  return `Postgres in ${cluster} started, but refused kitter: ${message}.`
}
