import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { needsTerminal } from './machine.fixture.ts'
import { Scene } from './scene.fixture.ts'
import { checkout, type LogLine, type ServiceProcess } from './service-process.fixture.ts'
import { until } from './until.fixture.ts'

const password = 'correct horse battery staple'

function requestLines(service: ServiceProcess): readonly LogLine[] {
  return service.lines.filter(({ msg }) => msg === 'request')
}

/** A create, a read of nothing, a request without right, and a probe, each with its own id. */
async function askAll(service: ServiceProcess): Promise<readonly (string | null)[]> {
  const user = { user: { username: 'alice', credentials: { password } } }
  const replies = [
    await service.call('POST', '/users?secret=in-the-query', user, { 'x-request-id': 'mine-1' }),
    await service.call('GET', '/users/7c0f1bd4-4d3b-4c3e-a9a5-0c5d5a8f6a11'),
    await service.call('GET', '/users', undefined, { authorization: 'Bearer nonsense' }),
    await service.call('GET', '/health/liveness'),
  ]
  expect(replies.map(({ status }) => status)).toEqual([201, 404, 401, 200])
  return replies.map(({ headers }) => headers.get('x-request-id'))
}

describe('The log', { timeout: 60_000 }, () => {
  it('is JSON, line by line, with the id of the request that a line belongs to, and no secrets', async () => {
    await using scene = new Scene()
    const service = await scene.start(await scene.onDatabase())
    const ids = await askAll(service)
    await service.stop('SIGINT')

    for (const line of service.lines) {
      expect(Object.keys(line).slice(0, 2)).toEqual(['level', 'time'])
      expect(new Date(String(line['time'])).getTime()).not.toBeNaN()
      expect(line['msg']).toEqual(expect.stringMatching(/./))
    }
    expect(ids[0]).toBe('mine-1')
    expect(requestLines(service).map(({ request_id: id }) => id)).toEqual(ids.slice(0, 3))
    expect(requestLines(service)[1]).toMatchObject({ method: 'GET', status: 404, actor: 'kitter-admin' })
    for (const secret of [password, service.adminToken, 'in-the-query', 'nonsense'])
      expect(service.stdout).not.toContain(secret)
    expect(service.stderr).toBe('')
  })

  it.each([
    ['debug', 4],
    ['info', 3],
    ['warn', 0],
  ])('tells at LOG_LEVEL=%s of %i of four requests', async (LOG_LEVEL, told) => {
    await using scene = new Scene()
    const service = await scene.start({ ...(await scene.onDatabase()), LOG_LEVEL })
    await askAll(service)
    await service.stop('SIGINT')
    expect(requestLines(service)).toHaveLength(told)
  })

  it('says nothing at LOG_LEVEL=silent', async () => {
    await using scene = new Scene()
    const service = await scene.start({ ...(await scene.onDatabase()), LOG_LEVEL: 'silent' })
    await askAll(service)
    expect(await service.stop('SIGINT')).toBe(0)
    expect(service.stdout + service.stderr).toBe('')
  })

  it('is no reason to end when its disk is full', async () => {
    await using scene = new Scene()
    const main = join(checkout, 'dist/apps/kitter/main.js')
    const command = ['sh', '-c', `exec "${process.execPath}" "${main}" > /dev/full`] as const
    const service = await scene.start(await scene.onDatabase(), { command })
    await askAll(service)
    expect(await service.stop('SIGINT')).toBe(0)
    expect(service.stderr).toBe('')
  })

  it('is readable on a terminal', async (context) => {
    await needsTerminal(context)
    await using scene = new Scene()
    const service = await scene.start(await scene.onDatabase(), { terminal: true })
    await service.call('GET', '/users', undefined, { 'x-request-id': 'mine-1' })
    await until('the request is told', () => service.stdout.includes('mine-1'))
    service.child.stdin?.write('\u0003')
    await service.ended()

    const shown = service.stdout.replaceAll(/\u001B\[[\d;]*m/g, '').split('\r\n')
    const serving = `INFO: kitter serves ${service.url}, its docs are at ${service.url}/docs`
    expect(shown).toContainEqual(expect.stringMatching(new RegExp(`^\\[\\d\\d:\\d\\d:\\d\\d\\] ${serving}`)))
    expect(shown).toContainEqual(expect.stringMatching(/INFO: request .*"request_id":"mine-1".*"path":"\/users"/))
    expect(shown).toContainEqual(expect.stringMatching(/INFO: kitter has stopped/))
  })
})
