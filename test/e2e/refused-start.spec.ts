import { chmod, chown, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { describe, expect, inject, it } from 'vitest'
import { listen } from '../support/listen.ts'
import { isRoot, needsRoot, nobody, nodeVersion, openCheckout } from './machine.fixture.ts'
import { processesOf } from './postgres.fixture.ts'
import { Scene } from './scene.fixture.ts'
import type { ServiceOptions } from './service-process.fixture.ts'

const secret = 'hush-hush-s3cret'

interface Refusal {
  readonly code: number | NodeJS.Signals
  readonly sentence: string
}

/** How a start is refused: always in one line, without a stack trace, a secret, or anything left running. */
async function refusalOf(
  scene: Scene,
  settings: Readonly<Record<string, string>>,
  options?: ServiceOptions,
): Promise<Refusal> {
  const service = scene.spawn(settings, options)
  const code = await service.ended()
  expect(service.stderr).toMatch(/^[^\n]+\.\n$/)
  expect(service.stderr + service.stdout).not.toMatch(/\\?n +at |"stack"/)
  expect(service.stderr + service.stdout).not.toContain(secret)
  expect(service.lines.filter(({ level }) => level === 'fatal')).toEqual([])
  return { code, sentence: service.stderr.trimEnd() }
}

/** A server on a port of its own, and nothing more. */
async function occupyPort(scene: Scene): Promise<number> {
  const server = createServer((_, response) => response.end('mine'))
  scene.afterwards(() => server.close())
  return listen(server)
}

function withPart(url: string, change: (parts: URL) => void): string {
  const parts = new URL(url)
  change(parts)
  return parts.href
}

const elsewhere = 'set KITTER_DATA_DIR to another folder, or DATABASE_URL to a Postgres 15 or newer.'

describe('A start is refused', { timeout: 60_000 }, () => {
  it('on a busy port, and harms neither the data nor the other program', async () => {
    await using scene = new Scene()
    const settings = { KITTER_DATA_DIR: await scene.folder() }
    const before = await scene.start(settings)
    await before.createUser('alice')
    await before.stop()
    const PORT = String(await occupyPort(scene))

    expect(await refusalOf(scene, { ...settings, PORT })).toEqual({
      code: 1,
      sentence: `Port ${PORT} on 127.0.0.1 is taken by another program: set PORT to a free one.`,
    })
    expect(await processesOf(settings.KITTER_DATA_DIR)).toEqual([])
    expect(await readdir(settings.KITTER_DATA_DIR)).not.toContain('service.json')
    expect(await (await fetch(`http://127.0.0.1:${PORT}`)).text()).toBe('mine')
    expect(await (await scene.start(settings)).usernames()).toEqual(['alice'])
  })

  it('on a data folder that another kitter holds, which goes on', async () => {
    await using scene = new Scene()
    const settings = { KITTER_DATA_DIR: await scene.folder() }
    const holder = await scene.start(settings)

    expect(await refusalOf(scene, settings)).toEqual({
      code: 1,
      sentence: `Another kitter holds the data folder ${settings.KITTER_DATA_DIR} (process ${holder.pid}): stop it, or set KITTER_DATA_DIR to another folder.`,
    })
    await holder.createUser('alice')
    expect(JSON.parse(await readFile(join(settings.KITTER_DATA_DIR, 'service.json'), 'utf8'))).toMatchObject({
      pid: holder.pid,
    })
  })

  it.each(['embedded', 'given'])('on a data folder that is a file, with the Postgres %s', async (postgres) => {
    await using scene = new Scene()
    const KITTER_DATA_DIR = join(await scene.folder(), 'file')
    await writeFile(KITTER_DATA_DIR, 'mine')
    const database = postgres === 'given' ? { DATABASE_URL: await scene.database() } : {}

    const { code, sentence } = await refusalOf(scene, { KITTER_DATA_DIR, ...database })
    expect(code).toBe(1)
    expect(sentence).toContain(`data folder ${KITTER_DATA_DIR}`)
    expect(sentence).toMatch(/is a file|file already exists/)
    expect(await readFile(KITTER_DATA_DIR, 'utf8')).toBe('mine')
  })

  it.each(['embedded', 'given'])('on a data folder that it may not write, with the Postgres %s', async (postgres) => {
    await using scene = new Scene()
    const KITTER_DATA_DIR = await scene.folder()
    await chmod(KITTER_DATA_DIR, 0o555)
    const database = postgres === 'given' ? { DATABASE_URL: await scene.database() } : {}
    const options = { root: await openCheckout(scene), ...(isRoot && { user: nobody }), cwd: '/' }

    const { code, sentence } = await refusalOf(scene, { KITTER_DATA_DIR, ...database }, options)
    expect(code).toBe(1)
    expect(sentence).toContain(`data folder ${KITTER_DATA_DIR}`)
    expect(sentence).toMatch(/may not read and write|permission denied/)
    expect(await readdir(KITTER_DATA_DIR)).toEqual([])
  })

  it('on a full disk, and works there when there is room', async (context) => {
    needsRoot(context, 'mount a small disk')
    await using scene = new Scene()
    const disk = await scene.folder()
    const refused = await scene.mountDisk(disk, '24m')
    context.skip(refused !== undefined, `this machine lets nobody mount: ${refused}`)

    const { code, sentence } = await refusalOf(scene, { KITTER_DATA_DIR: disk })
    expect(code).toBe(1)
    expect(sentence).toMatch(/No space left on device|disk .* is full/)
    expect(await processesOf(disk)).toEqual([])

    await scene.growDisk(disk, '256m')
    const service = await scene.start({ KITTER_DATA_DIR: disk })
    await service.createUser('alice')
    expect(await service.stop()).toBe(0)
  })

  it('on a data folder of another user', async (context) => {
    needsRoot(context, 'give a folder to another user')
    await using scene = new Scene()
    const KITTER_DATA_DIR = join(await scene.folder(), 'private')
    await mkdir(KITTER_DATA_DIR, { mode: 0o700 })
    await chown(KITTER_DATA_DIR, 65533, 65533)
    const options = { root: await openCheckout(scene), user: nobody, cwd: '/' }
    expect(await refusalOf(scene, { KITTER_DATA_DIR }, options)).toEqual({
      code: 1,
      sentence: `kitter may not read and write all of its data folder ${KITTER_DATA_DIR}: give its user the right, ${elsewhere}`,
    })
  })

  it.each([
    ['that nobody serves', (url: string) => withPart(url, (parts) => (parts.port = '1')), /ECONNREFUSED/],
    [
      'on a machine that is not there',
      (url: string) => withPart(url, (parts) => (parts.hostname = 'db.invalid')),
      /db\.invalid/,
    ],
    [
      'with a wrong password',
      (url: string) => withPart(url, (parts) => (parts.password = secret)),
      /password authentication failed/,
    ],
    [
      'with a database that is not there',
      (url: string) => withPart(url, (parts) => (parts.pathname = '/nowhere')),
      /"nowhere" does not exist/,
    ],
  ])('on a DATABASE_URL %s', async (_name, changed, said) => {
    await using scene = new Scene()
    const settings = { KITTER_DATA_DIR: await scene.folder(), DATABASE_URL: changed(inject('postgresUrl')) }
    const { code, sentence } = await refusalOf(scene, settings)
    expect(code).toBe(1)
    expect(sentence).toMatch(/^kitter can't use the database of DATABASE_URL: /)
    expect(sentence).toMatch(said)
    expect(await readdir(settings.KITTER_DATA_DIR)).toEqual([])
  })

  it('on a DATABASE_URL that something else answers', async () => {
    await using scene = new Scene()
    const DATABASE_URL = `postgres://kitter:${secret}@127.0.0.1:${await occupyPort(scene)}/kitter`
    const { code, sentence } = await refusalOf(scene, { KITTER_DATA_DIR: await scene.folder(), DATABASE_URL })
    expect(code).toBe(1)
    expect(sentence).toMatch(/^kitter can't use the database of DATABASE_URL: /)
  })

  it.each(['203.0.113.1', 'no.such.host.invalid'])('on a HOST that is not of this machine: %s', async (HOST) => {
    await using scene = new Scene()
    expect(await refusalOf(scene, { ...(await scene.onDatabase()), HOST })).toEqual({
      code: 1,
      sentence: `This machine has no address ${HOST}: set HOST to one that it has.`,
    })
  })

  it('over users that other settings made, and works when they are set back', async () => {
    await using scene = new Scene()
    const settings = await scene.onDatabase()
    const before = await scene.start(settings)
    await before.createUser('alice')
    await before.stop('SIGINT')

    const changed = { LOGIN_NAMES: 'domain', ROOT_DOMAIN: 'example.com' }
    expect(await refusalOf(scene, { ...settings, ...changed })).toEqual({
      code: 1,
      sentence:
        'LOGIN_NAMES is domain but was realm, and ROOT_DOMAIN is example.com but was quobis when the users and domains in ' +
        'this database were made: set it back, or use another database.',
    })
    expect(await (await scene.start(settings)).usernames()).toEqual(['alice'])
  })

  it('by an older Node', async ({ skip }) => {
    const older = process.env['npm_node_execpath'] ?? ''
    skip(((await nodeVersion(older)) ?? 24) >= 24, 'the Node that npm runs on is no older one')
    await using scene = new Scene()
    const command = [older, 'dist/apps/kitter/main.js'] as const
    const { code, sentence } = await refusalOf(scene, {}, { command })
    expect(code).toBe(1)
    expect(sentence).toMatch(/^kitter needs Node 24 or newer, and this is \d+\.\d+\.\d+\.$/)
  })
})

describe('Wrong settings are refused', () => {
  it('all at once, with the exit code for them, before anything is touched', async () => {
    await using scene = new Scene()
    const KITTER_DATA_DIR = join(await scene.folder(), 'new')
    const { code, sentence } = await refusalOf(scene, {
      KITTER_DATA_DIR,
      PORT: '65536',
      HTTP_PREFIX: 'kitter',
      TRUST_PROXY: '10.0.0.0/33',
      DATABASE_URL: `mysql://kitter:${secret}@127.0.0.1/kitter`,
      LOGIN_NAMES: 'both',
      ROOT_DOMAIN: 'no domain',
      CALLER_ID_ENABLED: 'perhaps',
      LOG_LEVEL: 'loud',
      KEYCLOAK_URL: `http://kitter:${secret}@127.0.0.1:8080`,
      KEYCLOAK_CLIENT_SECRET: secret,
      WAC_CORE_TOKEN: `${secret} and more`,
      HTABLE_TABLE: 'a.b.c',
      SIP_PROXY_URL: 'sip.example.com',
      SIP_PROXY_KAMCMD: 'localhost:2046',
      IDEMPOTENCY_KEPT: '1 day and a half',
      DIALECTS: 'kazoo, esperanto',
      KAZOO_USER_AUTH: 'perhaps',
    })
    expect(code).toBe(78)
    expect(sentence.slice(0, -1).split(/: (?=PORT)|; /)).toEqual([
      "kitter can't start with these settings",
      'PORT must be a port number from 0 to 65535',
      'HTTP_PREFIX must be a path like /kitter',
      'TRUST_PROXY must be on, off, or a list of addresses and networks like 10.0.0.0/8',
      'DATABASE_URL must be a URL like postgres://user:password@host:5432/database, with special characters percent-encoded',
      'LOGIN_NAMES must be realm or domain',
      'ROOT_DOMAIN must be a domain name',
      'CALLER_ID_ENABLED must be on or off',
      'LOG_LEVEL must be fatal, error, warn, info, debug, trace or silent',
      'KEYCLOAK_URL must be a URL like https://host:8080/path, without a user or password in it',
      'WAC_CORE_TOKEN must be letters, digits and signs only, without spaces',
      'HTABLE_TABLE must be the name of a table, or schema.table',
      'SIP_PROXY_URL must be a URL like http://host:5060/RPC, with special characters percent-encoded',
      'SIP_PROXY_KAMCMD must be an address like tcp:127.0.0.1:2046 or unix:/run/kamailio/kamailio_ctl',
      'DIALECTS must be a list of dialects, of which there are: kazoo',
      'IDEMPOTENCY_KEPT must be a duration like 90 minutes, 24 hours or 30 days',
      'KAZOO_USER_AUTH must be on or off',
      'KEYCLOAK_REALM must be set, too, where KEYCLOAK_URL is',
      'WAC_CORE_URL must be set, too, where WAC_CORE_TOKEN is',
      'SIP_PROXY_KAMCMD must not be set where SIP_PROXY_URL is: one way to the sip-proxy is enough',
    ])
    await expect(readdir(KITTER_DATA_DIR)).rejects.toThrow('ENOENT')
  })

  it('where a switch of a dialect is on, and the dialect is off', async () => {
    await using scene = new Scene()
    const KITTER_DATA_DIR = join(await scene.folder(), 'new')
    expect(await refusalOf(scene, { KITTER_DATA_DIR, KAZOO_USER_AUTH: 'on', PORT: 'x' })).toEqual({
      code: 78,
      sentence:
        "kitter can't start with these settings: PORT must be a port number from 0 to 65535; DIALECTS must name kazoo, too, where KAZOO_USER_AUTH is on.",
    })
    await expect(readdir(KITTER_DATA_DIR)).rejects.toThrow('ENOENT')
  })

  it('where Kamailio has the table, and nobody would tell it to read it', async () => {
    await using scene = new Scene()
    const HTABLE_DATABASE_URL = 'postgres://kitter:word@127.0.0.1/kamailio'
    expect(await refusalOf(scene, { CALLER_ID_ENABLED: 'on', HTABLE_DATABASE_URL })).toEqual({
      code: 78,
      sentence:
        "kitter can't start with these settings: SIP_PROXY_URL or SIP_PROXY_KAMCMD must be set, too, where HTABLE_DATABASE_URL is.",
    })
  })
})
