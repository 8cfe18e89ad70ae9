import { describe, expect, it } from 'vitest'
import { sendHalfARequest } from './half-request.fixture.ts'
import { postmasterOf } from './postgres.fixture.ts'
import { Scene } from './scene.fixture.ts'

describe.concurrent('A stop ends in time', { timeout: 90_000 }, () => {
  it('when a request does not: its connection is cut', async () => {
    await using scene = new Scene()
    const service = await scene.start(await scene.onDatabase())
    const cut = sendHalfARequest(service)
    const begun = performance.now()
    service.child.kill('SIGTERM')

    await cut
    expect(await service.ended()).toBe(0)
    expect(performance.now() - begun).toBeGreaterThan(14_000)
    expect(service.lines).toContainEqual(
      expect.objectContaining({ level: 'warn', msg: 'kitter ends the requests that still run after 15 seconds' }),
    )
  })

  it('when something hangs: then it tells so, and exits with 1', async () => {
    await using scene = new Scene()
    const service = await scene.start({ KITTER_DATA_DIR: await scene.folder() })
    const cut = sendHalfARequest(service)
    process.kill((await postmasterOf(service.dataDir))?.pid ?? 0, 'SIGSTOP')
    service.child.kill('SIGTERM')

    await cut
    expect(await service.ended()).toBe(1)
    expect(service.lines.at(-1)).toMatchObject({
      level: 'fatal',
      msg: 'kitter could not put everything away within 25 seconds',
    })
    expect(await service.has('service.json')).toBe(false)
  })
})
