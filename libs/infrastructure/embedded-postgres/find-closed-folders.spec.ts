import { chmod, mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { findClosedFolders } from './find-closed-folders.ts'
import { Laboratory } from './laboratory.fixture.ts'

const stranger = { uid: 54321, gid: 54321 }
let laboratory: Laboratory

beforeEach(() => {
  laboratory = new Laboratory()
})
afterEach(() => laboratory.clear())

it.each([
  ['rwxr-xr-x', 0o755, false],
  ['rwxr-x---', 0o750, true],
  ['rwx------', 0o700, true],
])('a stranger passes %s only where others may', async (_name, mode, closed) => {
  const folder = await laboratory.folder()
  const inner = join(folder, 'inner')
  await mkdir(inner, { mode: 0o755 })
  await chmod(folder, mode)
  expect(await findClosedFolders(inner, stranger)).toEqual(closed ? [folder] : [])
  await chmod(folder, 0o755)
})

it('is open to its owner and to its group', async () => {
  const folder = await laboratory.folder()
  const { uid, gid } = await stat(folder)
  await chmod(folder, 0o700)
  expect(await findClosedFolders(folder, { uid, gid: 54321 })).toEqual([])
  await chmod(folder, 0o710)
  expect(await findClosedFolders(folder, { uid: 54321, gid })).toEqual([])
})
