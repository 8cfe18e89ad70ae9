import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
const page = await readFile(join(root, 'CONTRIBUTING.md'), 'utf8')
const readme = await readFile(join(root, 'README.md'), 'utf8')
const picture = /^```mermaid\n(.*?)^```$/ms.exec(page)?.[1] ?? ''

async function foldersIn(path: string): Promise<readonly string[]> {
  const entries = await readdir(join(root, path), { withFileTypes: true })
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
}

describe('CONTRIBUTING.md', () => {
  it.each(['apps', 'libs/infrastructure'])('has every folder of %s in its table and in its picture', async (place) => {
    const folders = await foldersIn(place)
    expect(folders.length).toBeGreaterThan(2)
    expect(folders.filter((name) => !page.includes(`| \`${place}/${name}\``))).toEqual([])
    const drawn = new Set(picture.match(/[\w-]+/g))
    expect(folders.filter((name) => !drawn.has(name))).toEqual([])
  })

  it('has every folder of the tests', async () => {
    const row = page.split('\n').find((line) => line.startsWith('| `test` ')) ?? ''
    expect((await foldersIn('test')).filter((name) => !row.includes(`\`${name}\``))).toEqual([])
  })

  it('has every command of kitter, and so has the README', async () => {
    const commands = await foldersIn('apps/cli/commands')
    for (const command of commands) for (const text of [page, readme]) expect(text).toContain(`kitter ${command}`)
  })
})
