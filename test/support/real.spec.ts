import { execFile } from 'node:child_process'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const run = promisify(execFile)
const root = join(import.meta.dirname, '../..')

/** The fixture in a test run of its own, which prints what became of its tests. */
const script = `
  import { startVitest } from 'vitest/node'
  const include = ['test/support/real.fixture.ts']
  const vitest = await startVitest('test', [], { root: ${JSON.stringify(root)}, config: false, include, watch: false, reporters: [{}] })
  const modules = vitest.state.getTestModules()
  const tests = modules.flatMap((module) => [...module.children.allTests()])
  const found = tests.map((test) => ({ name: test.fullName, state: test.result().state, errors: test.result().errors }))
  const problems = modules.flatMap((module) => module.errors())
  await vitest.close()
  process.exitCode = 0
  console.log(JSON.stringify({ tests: found, problems: problems.map(({ message }) => message) }))
`

interface Run {
  readonly tests: readonly {
    readonly name: string
    readonly state: string
    readonly errors?: readonly { message: string }[]
  }[]
  readonly problems: readonly string[]
}

async function runWith(env: Readonly<Record<string, string>>): Promise<Run> {
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script], { cwd: root, env })
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Run
}

describe('A suite that needs something real', () => {
  let folder: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kitter-real-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  it('runs where it is, and is told where that is', async () => {
    const program = join(folder, 'chromium')
    await writeFile(program, '#!/bin/sh\n')
    await chmod(program, 0o755)

    const { tests } = await runWith({ PATH: `/nowhere:${folder}`, KITTER_REAL: 'required' })
    expect(tests).toMatchObject([
      { name: `A page > is shown by ${program}`, state: 'passed' },
      { name: 'A page > is shown again', state: 'passed' },
    ])
  })

  it('is skipped where it is missing, and its name says what and why', async () => {
    const { tests } = await runWith({ PATH: '/nowhere' })
    const title =
      'A page (skipped: there is no chromium on this machine, and only a real browser shows what people see)'
    expect(tests).toMatchObject([
      { name: `${title} > is shown by chromium`, state: 'skipped' },
      { name: `${title} > is shown again`, state: 'skipped' },
    ])
  })

  it('fails where it is missing but required', async () => {
    const { tests } = await runWith({ PATH: '', KITTER_REAL: 'required' })
    expect(tests).toMatchObject([
      {
        name: 'A page > needs chromium',
        state: 'failed',
        errors: [
          {
            message:
              'KITTER_REAL=required, but there is no chromium on this machine, and only a real browser shows what people see.',
          },
        ],
      },
    ])
  })

  it('refuses a setting that it does not know', async () => {
    const { tests, problems } = await runWith({ PATH: '', KITTER_REAL: 'yes' })
    expect(tests).toEqual([])
    expect(problems).toEqual(['KITTER_REAL must be "required", or unset.'])
  })
})
