import { execFile } from 'node:child_process'
import { chmod, chown, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it, type TestContext } from 'vitest'
import { StartError } from '#kernel'
import { findClosedFolders } from './find-closed-folders.ts'
import { isPostmasterOf } from './is-postmaster-of.ts'
import { Laboratory } from './laboratory.fixture.ts'
import { waitUntil } from './wait-until.ts'

const run = promisify(execFile)
const nobody = { uid: 65534, gid: 65534 }
const isRoot = process.getuid?.() === 0
const encodings = `SELECT concat_ws(' ', pg_encoding_to_char(encoding), datlocprovider, datlocale, datcollate) FROM pg_database`

let laboratory: Laboratory

beforeEach(() => {
  laboratory = new Laboratory()
})
afterEach(() => laboratory.clear(), 60_000)

function needsRoot({ skip }: TestContext, what: string): void {
  skip(!isRoot, `only root can ${what}`)
}

async function refusal(dataDir: string): Promise<string> {
  const outcome: unknown = await laboratory.start(dataDir).then(
    () => 'started',
    (error: unknown) => error,
  )
  expect(outcome).toBeInstanceOf(StartError)
  return outcome instanceof StartError ? outcome.message : ''
}

async function keepSomething(dataDir: string): Promise<void> {
  const postgres = await laboratory.start(dataDir)
  await laboratory.query(postgres.url, `CREATE TABLE kept AS SELECT 'still there' AS what`)
  await postgres.stop()
}

async function kept(dataDir: string): Promise<readonly unknown[]> {
  const postgres = await laboratory.start(dataDir)
  return laboratory.query(postgres.url, 'SELECT what FROM kept').finally(() => postgres.stop())
}

describe('The embedded Postgres', { timeout: 60_000 }, () => {
  it('makes its cluster and the database at the first start', async () => {
    const dataDir = join(await laboratory.folder(), 'deep', '.kitter')
    const { url } = await laboratory.start(dataDir)

    expect(await laboratory.query(url, 'SELECT current_database()')).toEqual(['kitter'])
    expect((await readdir(dataDir)).sort()).toEqual([
      'kitter.lock',
      'kitter.pid',
      'postgres',
      'postgres-password',
      'postgres.log',
    ])
    expect((await stat(join(dataDir, 'postgres-password'))).mode & 0o777).toBe(0o600)
    expect(url).toContain((await readFile(join(dataDir, 'postgres-password'), 'utf8')).trim())
  })

  it('lets nobody in without the password', async () => {
    const { url } = await laboratory.start(await laboratory.folder())
    const wrong = url.replace(/:[^:@]+@/, ':wrong@')
    await expect(laboratory.query(wrong, 'SELECT 1')).rejects.toThrow('password authentication failed')
  })

  it('keeps the data over a stop and a start', async () => {
    const dataDir = await laboratory.folder()
    await keepSomething(dataDir)
    expect(await kept(dataDir)).toEqual(['still there'])
  })

  it('stops although sessions are open, and leaves nothing running', async () => {
    const dataDir = await laboratory.folder()
    const postgres = await laboratory.start(dataDir)
    const pid = await laboratory.postmasterPid(dataDir)
    const waiting = laboratory.query(postgres.url, 'SELECT pg_sleep(60)')
    const ended = expect(waiting).rejects.toThrow()
    const sleepers = `SELECT count(*)::int FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'`
    await waitUntil(async () => (await laboratory.query(postgres.url, sleepers))[0] === 1, 10_000)

    await Promise.all([postgres.stop(), postgres.stop()])
    await ended
    expect(await isPostmasterOf(join(dataDir, 'postgres'), pid)).toBe(false)
  })

  it.each([
    ['unset', {}],
    ['broken', { LANG: 'nonsense', LC_ALL: 'xx_YY.nonsense', PGSSLMODE: 'require', PGDATA: '/nowhere', PGPORT: '1' }],
  ])('is UTF-8 when the locale of the environment is %s', async (_name, env) => {
    const dataDir = await laboratory.folder()
    const url = await laboratory.spawnKitter(dataDir, { env }).says('url')

    expect(new Set(await laboratory.query(url, encodings))).toEqual(new Set(['UTF8 b C.UTF-8 C.UTF-8']))
    expect(await laboratory.query(url, `SELECT lower('ÉÑ')`)).toEqual(['éñ'])
  })

  it('tells when Postgres ends by itself, and recovers what was committed', async () => {
    const dataDir = await laboratory.folder()
    const postgres = await laboratory.start(dataDir)
    await laboratory.query(postgres.url, `CREATE TABLE kept AS SELECT 'still there' AS what`)

    process.kill(await laboratory.postmasterPid(dataDir), 'SIGKILL')
    expect(await postgres.exited).toMatch(/^Postgres has ended by itself \(SIGKILL\)/)
    await postgres.stop()
    expect(await kept(dataDir)).toEqual(['still there'])
  })

  it('does not tell so when it was stopped', async () => {
    const postgres = await laboratory.start(await laboratory.folder())
    let told = false
    void postgres.exited.then(() => (told = true))
    await postgres.stop()
    await new Promise(setImmediate)
    expect(told).toBe(false)
  })
})

describe('After a kitter that was killed, the embedded Postgres', { timeout: 60_000 }, () => {
  it('replaces the orphan without losing data', async () => {
    const dataDir = await laboratory.folder()
    const kitter = laboratory.spawnKitter(dataDir)
    await laboratory.query(await kitter.says('url'), `CREATE TABLE kept AS SELECT 'still there' AS what`)
    const orphan = await laboratory.postmasterPid(dataDir)
    await kitter.end('SIGKILL')
    expect(await isPostmasterOf(join(dataDir, 'postgres'), orphan)).toBe(true)

    expect(await kept(dataDir)).toEqual(['still there'])
    expect(await isPostmasterOf(join(dataDir, 'postgres'), orphan)).toBe(false)
  })

  it('starts afresh when initdb was cut', async () => {
    const dataDir = await laboratory.folder()
    const kitter = laboratory.spawnKitter(dataDir)
    const isAtWork = async (): Promise<boolean> =>
      (await readdir(dataDir)).some((name) => name.startsWith('.postgres-new-'))
    await waitUntil(async () => (await isAtWork()) || !kitter.isRunning(), 10_000)
    await kitter.end('SIGKILL')

    const { url } = await laboratory.start(dataDir)
    expect(await laboratory.query(url, 'SELECT current_database()')).toEqual(['kitter'])
    expect(await isAtWork()).toBe(false)
  })

  it('clears away what a start left that was killed when the cluster stood', async () => {
    const dataDir = await laboratory.folder()
    await keepSomething(dataDir)
    await mkdir(join(dataDir, '.postgres-new-abcdef', 'cluster'), { recursive: true })
    expect(await kept(dataDir)).toEqual(['still there'])
    expect(await readdir(dataDir)).not.toContain('.postgres-new-abcdef')
  })

  it('starts when the process id in postmaster.pid is another program now', async () => {
    const dataDir = await laboratory.folder()
    await keepSomething(dataDir)
    const cluster = join(dataDir, 'postgres')
    const { uid, gid } = await stat(cluster)
    const other = execFile('sleep', ['60'], isRoot ? { uid, gid } : {})
    laboratory.afterwards(() => Promise.resolve(other.kill('SIGKILL')))
    await writeFile(join(cluster, 'postmaster.pid'), `${other.pid}\n${cluster}\n1\n5432\n\n127.0.0.1\n 1 1\n`)

    expect(await kept(dataDir)).toEqual(['still there'])
    expect(other.exitCode ?? other.signalCode).toBeNull()
  })

  it('starts when a full disk left an empty postmaster.pid', async () => {
    const dataDir = await laboratory.folder()
    await keepSomething(dataDir)
    await writeFile(join(dataDir, 'postgres', 'postmaster.pid'), '')
    expect(await kept(dataDir)).toEqual(['still there'])
  })

  it('is not reached by a Ctrl-C on the terminal', async () => {
    const dataDir = await laboratory.folder()
    const kitter = laboratory.spawnKitter(dataDir, { detached: true })
    await kitter.says('url')
    await kitter.end('SIGINT', 'group')
    expect(await isPostmasterOf(join(dataDir, 'postgres'), await laboratory.postmasterPid(dataDir))).toBe(true)
  })

  it('stops at the SIGTERM that kitter handles, with exit 0', async () => {
    const dataDir = await laboratory.folder()
    const kitter = laboratory.spawnKitter(dataDir)
    await kitter.says('url')
    expect(await kitter.end('SIGTERM')).toBe(0)
    expect(await readdir(join(dataDir, 'postgres'))).not.toContain('postmaster.pid')
  })
})

describe('A second kitter', { timeout: 60_000 }, () => {
  it('is refused by another process, and harms nothing', async () => {
    const dataDir = await laboratory.folder()
    const { url } = await laboratory.start(dataDir)
    const second = laboratory.spawnKitter(dataDir)

    expect(await second.says('error')).toBe(
      `StartError: Another kitter holds the data folder ${dataDir} (process ${process.pid}): ` +
        'stop it, or set KITTER_DATA_DIR to another folder.',
    )
    expect(await laboratory.query(url, 'SELECT 1')).toEqual([1])
  })

  it('is refused in the same process, and the folder stays held', async () => {
    const dataDir = await laboratory.folder()
    const first = await laboratory.start(dataDir)
    expect(await refusal(dataDir)).toContain(`(process ${process.pid})`)
    expect(await laboratory.spawnKitter(dataDir).says('error')).toContain(`(process ${process.pid})`)

    await first.stop()
    await expect(laboratory.start(dataDir)).resolves.toBeDefined()
  })

  it('is refused also when both make the cluster at the same moment', async () => {
    const dataDir = await laboratory.folder()
    const kitters = [1, 2, 3].map(() => laboratory.spawnKitter(dataDir))
    const outcomes = await Promise.all(kitters.map((kitter) => kitter.outcome()))
    expect(outcomes.sort()).toEqual(['error', 'error', 'url'])
  })
})

describe('A data folder that is not usable', { timeout: 60_000 }, () => {
  it.each([
    ['is a file', ''],
    ['lies in a file', 'below'],
  ])('is told when it %s', async (_name, below) => {
    const file = join(await laboratory.folder(), 'file')
    await writeFile(file, 'mine')
    expect(await refusal(join(file, below))).toMatch(
      /^kitter's data folder \S+ can't be made, for it or a part of its path is a file:/,
    )
    expect(await readFile(file, 'utf8')).toBe('mine')
  })

  it('is told when the cluster is of another Postgres', async () => {
    const dataDir = await laboratory.folder()
    await mkdir(join(dataDir, 'postgres'))
    await writeFile(join(dataDir, 'postgres', 'PG_VERSION'), '17\n')
    expect(await refusal(dataDir)).toMatch(/was made by Postgres 17, and kitter brings Postgres 18: /)
    expect(await readdir(join(dataDir, 'postgres'))).toEqual(['PG_VERSION'])
  })

  it('is told when something else lies where the cluster would be', async () => {
    const dataDir = await laboratory.folder()
    await mkdir(join(dataDir, 'postgres'))
    await writeFile(join(dataDir, 'postgres', 'thesis.txt'), 'mine')
    expect(await refusal(dataDir)).toContain('holds something that is no Postgres cluster')
    expect(await readdir(join(dataDir, 'postgres'))).toEqual(['thesis.txt'])
  })

  it('is told when the password is missing, or another', async () => {
    const dataDir = await laboratory.folder()
    const password = join(dataDir, 'postgres-password')
    await keepSomething(dataDir)
    const right = await readFile(password)

    await writeFile(password, 'another\n')
    expect(await refusal(dataDir)).toContain(`The password in ${password} is not the one of the cluster`)
    await rm(password)
    expect(await refusal(dataDir)).toContain(
      `${password}, the password of the cluster ${join(dataDir, 'postgres')}, is missing`,
    )
    await writeFile(password, right)
    expect(await kept(dataDir)).toEqual(['still there'])
  })

  it("is told with the last word of Postgres' log when Postgres doesn't start", async () => {
    const dataDir = await laboratory.folder()
    await keepSomething(dataDir)
    await writeFile(join(dataDir, 'postgres', 'postgresql.conf'), 'shared_bufers = 1GB\n')
    expect(await refusal(dataDir)).toMatch(
      /^Postgres could not start: .*postgresql.conf.* contains errors \(its log is \S+\)\.$/,
    )
  })

  it('is told when it may not be written', async (context) => {
    const dataDir = await laboratory.folder()
    await chmod(dataDir, 0o555)
    if (isRoot) await assertReachable(context)
    const kitter = laboratory.spawnKitter(dataDir, isRoot ? nobody : {})
    expect(await kitter.says('error')).toMatch(/^StartError: kitter may not read and write all of its data folder/)
  })

  it('is told when it may not be made', async (context) => {
    const parent = await laboratory.folder()
    await chmod(parent, 0o555)
    if (isRoot) await assertReachable(context)
    const kitter = laboratory.spawnKitter(join(parent, '.kitter'), isRoot ? nobody : {})
    expect(await kitter.says('error')).toMatch(/^StartError: kitter may not read and write all of its data folder/)
  })

  it('is told when its disk is full, and works when there is room', async (context) => {
    const disk = await laboratory.folder()
    await mountOrSkip(context, disk, '24m')
    expect(await refusal(disk)).toMatch(/No space left on device|disk .* is full/)
    expect(await readdir(disk)).not.toContain('postgres')

    await laboratory.remount(disk, 'size=256m')
    await keepSomething(disk)
    await laboratory.remount(disk, `size=${await usedKilobytes(disk)}k`)
    expect(await refusal(disk)).toMatch(/No space left on device|disk .* is full/)

    await laboratory.remount(disk, 'size=256m')
    expect(await kept(disk)).toEqual(['still there'])
  })

  it('is told when its disk is read-only', async (context) => {
    const disk = await laboratory.folder()
    await mountOrSkip(context, disk, '256m')
    await keepSomething(disk)
    await laboratory.remount(disk, 'ro')
    expect(await refusal(disk)).toContain(`${disk} is on a read-only disk`)
    expect(await refusal(join(disk, 'new'))).toContain(`${join(disk, 'new')} is on a read-only disk`)

    await laboratory.remount(disk, 'rw')
    expect(await kept(disk)).toEqual(['still there'])
  })
})

describe('The user that Postgres runs as', { timeout: 60_000 }, () => {
  it('is not root, when kitter is', async (context) => {
    needsRoot(context, 'see what root does')
    const dataDir = await laboratory.folder()
    await laboratory.start(dataDir)
    const { uid } = await stat(`/proc/${await laboratory.postmasterPid(dataDir)}`)
    expect(uid).not.toBe(0)
    expect(uid).toBe((await stat(join(dataDir, 'postgres'))).uid)
  })

  it('passes a folder that only root may pass, with that one ability', async (context) => {
    needsRoot(context, 'close a folder to Postgres')
    const closed = await laboratory.folder()
    await chmod(closed, 0o700)
    const dataDir = join(closed, '.kitter')
    await laboratory.start(dataDir)

    const status = await readFile(`/proc/${await laboratory.postmasterPid(dataDir)}/status`, 'utf8')
    expect(status).toMatch(/^Uid:\t([1-9]\d*)\t\1\t\1\t\1$/m)
    expect(status).toMatch(/^CapEff:\t000000000000000[24]$/m)
  })

  it('is told when it may not pass and setpriv is refused', async (context) => {
    needsRoot(context, 'close a folder to Postgres')
    const capsh = await run('capsh', ['--print']).then(
      () => 'capsh',
      () => undefined,
    )
    context.skip(capsh === undefined, 'capsh, which takes abilities away, is not installed')
    const closed = await laboratory.folder()
    await chmod(closed, 0o700)
    const program = new URL('stand-in-kitter.fixture.ts', import.meta.url).pathname
    const command = `${process.execPath} --conditions=source ${program} ${join(closed, '.kitter')}`
    const { stdout } = await run('capsh', ['--drop=cap_setpcap,cap_dac_read_search', '--', '-c', `${command} || true`])
    expect(stdout).toMatch(
      new RegExp(`StartError: Postgres refuses to run as root, .* may not pass ${closed} \\(setpriv: `),
    )
  })

  it('is the owner of a cluster that an ordinary user made, when root starts it', async (context) => {
    needsRoot(context, 'start the cluster of another user')
    await assertReachable(context)
    const dataDir = await laboratory.folder()
    await chown(dataDir, nobody.uid, nobody.gid)
    const kitter = laboratory.spawnKitter(dataDir, nobody)
    await laboratory.query(await kitter.says('url'), `CREATE TABLE kept AS SELECT 'still there' AS what`)
    expect(await kitter.end('SIGTERM')).toBe(0)

    expect(await kept(dataDir)).toEqual(['still there'])
    expect((await stat(join(dataDir, 'postgres', 'global'))).uid).toBe(nobody.uid)
  })

  it('gets the cluster that root has copied', async (context) => {
    needsRoot(context, 'own a cluster that Postgres can not')
    const [dataDir, copy] = [await laboratory.folder(), await laboratory.folder()]
    await keepSomething(dataDir)
    await run('cp', ['-r', `${dataDir}/.`, copy])
    await chmod(join(copy, 'postgres'), 0o755)
    expect(await kept(copy)).toEqual(['still there'])
  })

  it('is kitter, when that is an ordinary user; another ordinary user is refused', async (context) => {
    needsRoot(context, 'become other users')
    await assertReachable(context)
    const dataDir = await laboratory.folder()
    await chown(dataDir, nobody.uid, nobody.gid)
    await chmod(dataDir, 0o777)
    const kitter = laboratory.spawnKitter(dataDir, nobody)
    await kitter.says('url')
    expect((await stat(`/proc/${await laboratory.postmasterPid(dataDir)}`)).uid).toBe(nobody.uid)
    expect(await kitter.end('SIGTERM')).toBe(0)

    for (const file of ['kitter.lock', 'postgres.log']) await chmod(join(dataDir, file), 0o666)
    const other = laboratory.spawnKitter(dataDir, { uid: 65533, gid: 65533 })
    expect(await other.says('error')).toContain(`postgres belongs to another user (id ${nobody.uid})`)
  })
})

async function assertReachable({ skip }: TestContext): Promise<void> {
  const places = [process.execPath, dirname(new URL(import.meta.url).pathname)]
  const closed = (await Promise.all(places.map((place) => findClosedFolders(place, nobody)))).flat()
  skip(closed.length > 0, `an ordinary user may not pass ${closed.join(', ')}`)
}

async function mountOrSkip(context: TestContext, path: string, size: string): Promise<void> {
  needsRoot(context, 'mount a small disk')
  const refused = await laboratory.mount(path, size)
  context.skip(refused !== undefined, `this machine lets nobody mount: ${refused}`)
}

async function usedKilobytes(path: string): Promise<number> {
  const { stdout } = await run('df', ['--output=used', '-k', path])
  return Number(stdout.split('\n')[1])
}
