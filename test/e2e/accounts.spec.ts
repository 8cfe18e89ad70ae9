import { chmod, chown, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { copyCheckout, needsRoot, nobody, nodeOf, openCheckout } from './machine.fixture.ts'
import { postmasterOf } from './postgres.fixture.ts'
import { Scene } from './scene.fixture.ts'
import type { ServiceProcess } from './service-process.fixture.ts'

async function userOf(pid: number): Promise<number> {
  return (await stat(`/proc/${pid}`)).uid
}

/** Serves, stops, and has everything still there when it's started again. */
async function expectToWork(start: () => Promise<ServiceProcess>): Promise<void> {
  const first = await start()
  await first.createUser('alice')
  expect(await first.stop('SIGINT')).toBe(0)
  const second = await start()
  expect(await second.usernames()).toEqual(['alice'])
  expect(await second.stop('SIGINT')).toBe(0)
}

describe('kitter with its own Postgres works', { timeout: 90_000 }, () => {
  it('for root, with Postgres as another user', async (context) => {
    needsRoot(context, 'see what root does')
    await using scene = new Scene()
    const settings = { KITTER_DATA_DIR: await scene.folder() }
    const service = await scene.start(settings)
    expect(await userOf(service.pid)).toBe(0)
    expect(await userOf((await postmasterOf(service.dataDir))?.pid ?? 0)).not.toBe(0)
    await service.stop('SIGINT')
    await expectToWork(() => scene.start({ KITTER_DATA_DIR: join(settings.KITTER_DATA_DIR, 'another') }))
  })

  it('for an ordinary user, all of it as that user', async (context) => {
    needsRoot(context, 'become an ordinary user; all other tests have run as one')
    await using scene = new Scene()
    const root = await openCheckout(scene)
    const KITTER_DATA_DIR = await scene.folder()
    await chown(KITTER_DATA_DIR, nobody.uid, nobody.gid)
    const start = (): Promise<ServiceProcess> => scene.start({ KITTER_DATA_DIR }, { root, user: nobody, cwd: '/' })

    const service = await start()
    expect(await userOf((await postmasterOf(service.dataDir))?.pid ?? 0)).toBe(nobody.uid)
    expect((await stat(join(KITTER_DATA_DIR, 'admin-token'))).uid).toBe(nobody.uid)
    await service.stop('SIGINT')
    await expectToWork(start)
  })

  it('for root in a clone that is closed to everybody else', async (context) => {
    needsRoot(context, 'close a folder to Postgres')
    await using scene = new Scene()
    const closed = await scene.folder()
    await chmod(closed, 0o700)
    const root = await copyCheckout(closed)
    await chmod(closed, 0o700)
    const command = [nodeOf(root), join(root, 'dist/apps/kitter/main.js')] as const
    await expectToWork(() => scene.start({}, { command, cwd: root }))
  })
})
