import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { TestKitter } from '../support/test-kitter.ts'

const run = promisify(execFile)
const page = await readFile(join(import.meta.dirname, '../../docs/searching.md'), 'utf8')

/** Every block of commands, and what the block behind it says that they print. */
function stepsIn(text: string): readonly { readonly commands: string; readonly printed: string }[] {
  return [...text.matchAll(/^```sh\n(.*?)^```\n(?:\n```\n(.*?)^```\n)?/gms)].map(([, commands = '', printed = '']) => ({
    commands,
    printed,
  }))
}

it('docs/searching.md shows searches that find what it says', async () => {
  await using kitter = await TestKitter.start()
  const steps = stepsIn(page)
  expect(steps.filter(({ printed }) => printed !== '').length).toBeGreaterThanOrEqual(6)
  const script = steps.map(({ commands }) => `${commands}echo --`).join('\n')
  const PATH = `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`
  const { stdout } = await run(
    'bash',
    ['--norc', '-euo', 'pipefail', '-c', script.replaceAll('.kitter/', `${kitter.dataDir}/`)],
    { env: { PATH } },
  )
  const printed = stdout.replaceAll(/ +$/gm, '').split('--\n').slice(0, -1)
  expect(printed).toEqual(steps.map((step) => step.printed))
})
