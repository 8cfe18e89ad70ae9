import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { copyCheckout, needsTerminal } from './machine.fixture.ts'
import { Scene } from './scene.fixture.ts'
import { checkout } from './service-process.fixture.ts'

interface Lockfile {
  readonly packages: Readonly<Record<string, { readonly dev?: boolean }>>
}

/** The folders of what `npm ci --omit=dev` leaves out. */
async function developmentPackages(): Promise<readonly string[]> {
  const lockfile = JSON.parse(await readFile(join(checkout, 'package-lock.json'), 'utf8')) as Lockfile
  return Object.entries(lockfile.packages).flatMap(([folder, { dev }]) => (dev === true ? [folder] : []))
}

it('kitter needs no development dependencies, on a terminal neither', { timeout: 60_000 }, async (context) => {
  await needsTerminal(context)
  await using scene = new Scene()
  const root = await copyCheckout(await scene.folder())
  const left = await developmentPackages()
  expect(left).toContain('node_modules/vitest')
  for (const folder of left) await rm(join(root, folder), { recursive: true, force: true })

  const settings = await scene.onDatabase()
  const service = await scene.start(settings, { root, terminal: true })
  expect((await service.call('GET', '/users')).status).toBe(200)
  expect((await fetch(`${service.url}/docs`)).status).toBe(200)
})
