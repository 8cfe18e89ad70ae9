import { execFile } from 'node:child_process'
import { chmod, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { TestContext } from 'vitest'
import type { Scene } from './scene.fixture.ts'
import { checkout } from './service-process.fixture.ts'

const run = promisify(execFile)

export const isRoot = process.getuid?.() === 0
export const nobody = { uid: 65534, gid: 65534 }

export function needsRoot({ skip }: TestContext, what: string): void {
  skip(!isRoot, `only root can ${what}`)
}

export async function needsTerminal({ skip }: TestContext): Promise<void> {
  const found = await run('script', ['--version']).catch(() => undefined)
  skip(found === undefined, 'script(1), which makes a terminal, is not installed')
}

/** Where an ordinary user can run kitter from: the checkout, or a copy of it where others may not look into that. */
export async function openCheckout(scene: Scene): Promise<string> {
  const isOpen = (await Promise.all([checkout, process.execPath].map(isPassable))).every(Boolean)
  return isOpen ? checkout : copyCheckout(await scene.folder())
}

/** What a clone has after `npm ci`. Files are linked, not copied, where the disk is the same. */
export async function copyCheckout(folder: string): Promise<string> {
  const parts = ['package.json', 'dist', 'node_modules'].map((name) => join(checkout, name))
  await run('cp', ['-alH', ...parts, folder]).catch(() => run('cp', ['-aH', ...parts, folder]))
  await chmod(folder, 0o755)
  return folder
}

/** Node's own, of the copy. */
export function nodeOf(root: string): string {
  return join(root, 'node_modules/node/bin/node')
}

async function isPassable(path: string): Promise<boolean> {
  for (let folder = path; folder !== dirname(folder); folder = dirname(folder)) {
    if (((await stat(folder)).mode & 0o005) !== 0o005) return false
  }
  return true
}

/** The major version of a Node, if there is one. */
export async function nodeVersion(node: string): Promise<number | undefined> {
  const said = await run(node, ['--version']).catch(() => undefined)
  return said === undefined ? undefined : Number(/^v(\d+)/.exec(said.stdout)?.[1])
}
