import { readdir, readFile } from 'node:fs/promises'

/** Who uses the processor, in the order of the report. */
export const users = [
  'Keycloak',
  "Keycloak's Postgres",
  'kitter',
  "kitter's Postgres",
  'wac-core',
  "wac-core's Postgres",
  'Postgres itself',
  'the callers',
  'others',
] as const

export type ProcessorUser = (typeof users)[number]

export interface ProcessorUse {
  /** Seconds of one core. */
  readonly seconds: Readonly<Record<ProcessorUser, number>>
  readonly idle: number
  /** Idle, with somebody waiting for the disk. */
  readonly waiting: number
}

export interface Watched {
  readonly keycloak: number
  readonly kitter: number
  readonly wacCore: number
  readonly postgres: number
}

interface Sample {
  /** By process. */
  readonly own: ReadonlyMap<number, readonly [ProcessorUser, number]>
  readonly busy: number
  readonly idle: number
  readonly waiting: number
}

// what Linux counts in, on every machine that Node runs on
const ticksPerSecond = 100

/** What the processors did meanwhile, by who used them, as Linux counts it; its result is that of the work. */
export async function watched<Result>(
  processes: Watched,
  work: () => Promise<Result>,
): Promise<readonly [Result, ProcessorUse]> {
  const before = await sample(processes)
  const result = await work()
  return [result, between(before, await sample(processes))]
}

function between(before: Sample, after: Sample): ProcessorUse {
  const seconds = Object.fromEntries(users.map((user) => [user, 0])) as Record<ProcessorUser, number>
  for (const [pid, [user, ticks]] of after.own) {
    seconds[user] += (ticks - (before.own.get(pid)?.[1] ?? 0)) / ticksPerSecond
  }
  // of those that have ended meanwhile, Postgres itself has all the time, also that before
  for (const [pid, [, ticks]] of before.own) {
    if (!after.own.has(pid)) seconds['Postgres itself'] -= ticks / ticksPerSecond
  }
  seconds['Postgres itself'] = Math.max(0, seconds['Postgres itself'])
  const known = Object.values(seconds).reduce((sum, each) => sum + each, 0)
  seconds.others = Math.max(0, (after.busy - before.busy) / ticksPerSecond - known)
  return {
    seconds,
    idle: (after.idle - before.idle) / ticksPerSecond,
    waiting: (after.waiting - before.waiting) / ticksPerSecond,
  }
}

async function sample({ keycloak, kitter, wacCore, postgres }: Watched): Promise<Sample> {
  const own = new Map<number, readonly [ProcessorUser, number]>()
  const single = [
    [keycloak, 'Keycloak'],
    [kitter, 'kitter'],
    [wacCore, 'wac-core'],
    [process.pid, 'the callers'],
  ] as const
  for (const [pid, user] of single) own.set(pid, [user, (await statOf(pid))?.ticks ?? 0])
  // of those of its children that have ended, it has the time
  own.set(postgres, ['Postgres itself', (await statOf(postgres))?.ticksWithChildren ?? 0])
  for (const pid of await childrenOf(postgres)) own.set(pid, [await userOf(pid), (await statOf(pid))?.ticks ?? 0])
  return { own, ...(await machine()) }
}

/** Postgres writes into its processes' titles whom they serve. */
async function userOf(pid: number): Promise<ProcessorUser> {
  const title = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
  const database = /^postgres: \S+ (\S+) /.exec(title)?.[1] ?? ''
  if (database === 'keycloak') return "Keycloak's Postgres"
  if (database.endsWith('_kitter')) return "kitter's Postgres"
  return database.endsWith('_wac_core') ? "wac-core's Postgres" : 'Postgres itself'
}

async function childrenOf(parent: number): Promise<readonly number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
  const stats = await Promise.all(pids.map(async (pid) => ((await statOf(pid))?.parent === parent ? [pid] : [])))
  return stats.flat()
}

async function statOf(pid: number) {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  // the name before may hold anything
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number)
  const [own, ofChildren] = [(fields[11] ?? 0) + (fields[12] ?? 0), (fields[13] ?? 0) + (fields[14] ?? 0)]
  return { parent: fields[1] ?? 0, ticks: own, ticksWithChildren: own + ofChildren }
}

async function machine(): Promise<Omit<Sample, 'own'>> {
  const line = (await readFile('/proc/stat', 'utf8')).split('\n')[0] ?? ''
  const [user = 0, nice = 0, system = 0, idle = 0, waiting = 0, ...rest] = line.split(/\s+/).slice(1).map(Number)
  const [interrupts = 0, soft = 0, stolen = 0] = rest
  return { busy: user + nice + system + interrupts + soft + stolen, idle, waiting }
}
