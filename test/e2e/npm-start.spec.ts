import { copyFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { needsTerminal } from './machine.fixture.ts'
import { processesOf } from './postgres.fixture.ts'
import { Scene } from './scene.fixture.ts'
import { checkout } from './service-process.fixture.ts'

/** A folder like the checkout, with another `.env`. */
async function folderWith(scene: Scene, env: string): Promise<string> {
  const folder = await scene.folder()
  await copyFile(join(checkout, 'package.json'), join(folder, 'package.json'))
  for (const name of ['dist', 'node_modules']) await symlink(join(checkout, name), join(folder, name))
  await writeFile(join(folder, '.env'), env)
  return folder
}

describe('npm start', { timeout: 60_000 }, () => {
  it('reads .env and passes a SIGTERM on', async () => {
    await using scene = new Scene()
    const cwd = await folderWith(scene, 'HTTP_PREFIX=/from-env\nKITTER_DATA_DIR=kept\n')
    const KITTER_DATA_DIR = join(cwd, 'kept')
    const service = await scene.start({ KITTER_DATA_DIR }, { cwd, command: ['npm', 'start'] })

    expect(service.url).toMatch(/\/from-env$/)
    service.child.kill('SIGTERM')
    await service.ended()
    expect(service.stdout).toContain('kitter has stopped')
    expect(await processesOf(cwd)).toEqual([])
  })

  it('ends cleanly by one Ctrl-C on a terminal, which kitter gets twice: from the terminal and from npm', async (context) => {
    await needsTerminal(context)
    await using scene = new Scene()
    const cwd = await folderWith(scene, '')
    const service = await scene.start({}, { cwd, command: ['npm', 'start'], terminal: true })
    service.child.stdin?.write('\u0003')
    await service.ended()
    expect(service.stdout).toContain('kitter has stopped')
    expect(await processesOf(cwd)).toEqual([])
  })
})
