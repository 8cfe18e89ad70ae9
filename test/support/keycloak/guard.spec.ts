import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { isAlive } from '../../e2e/postgres.fixture.ts'
import { until } from '../../e2e/until.fixture.ts'

const script = `
  import { spawn } from 'node:child_process'
  import { guard } from ${JSON.stringify(join(import.meta.dirname, 'guard.ts'))}
  const server = spawn('sleep', ['1000'], { detached: true })
  guard(server.pid, process.argv[1])
  console.log(server.pid)
`

it('A server and its folder are gone with the test run that started it, even with one that is killed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kitter-guard-'))
  const testRun = spawn(process.execPath, ['--input-type=module', '--eval', script, folder])
  const [said] = (await once(testRun.stdout, 'data')) as [Buffer]
  const server = Number(said.toString())
  expect(await isAlive(server)).toBe(true)

  testRun.kill('SIGKILL')
  await until('the server ends', async () => !(await isAlive(server)))
  await until('its folder is gone', () =>
    stat(folder).then(
      () => false,
      () => true,
    ),
  )
})
