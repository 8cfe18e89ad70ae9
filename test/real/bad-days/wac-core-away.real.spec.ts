import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { until } from '../../e2e/until.fixture.ts'
import { describeWith } from '../../support/real.ts'
import { BadDay, everywhere, nowhere, readinessOf, seen, unavailable } from './bad-day.fixture.ts'

const recoveryMs = 10_000
const degraded = { status: 200, state: 'degraded', away: ['wac-core'] }
const ready = { status: 200, state: 'ok', away: [] }

describeWith('keycloak', 'While wac-core is away', () => {
  let day: BadDay
  beforeAll(async () => {
    day = await BadDay.dawn()
  })
  afterAll(() => day[Symbol.asyncDispose]())
  beforeEach(() => void day.log.taken())
  afterEach(() => day.wacCoreDoor.open())

  it('from the very first start on, kitter serves without a root domain, which comes by itself', async () => {
    await day.wacCoreDoor.shut()
    const kitter = await day.kitter()
    expect(await readinessOf(kitter)).toEqual(degraded)
    expect((await kitter.call('GET', '/domains')).body).toMatchObject({ domains: [] })
    expect((await kitter.call('GET', '/users')).body).toMatchObject({ users: [] })
    for (const [path, body] of [
      ['/users', { user: { username: 'early' } }],
      ['/domains', { domain: { domain: 'early.example' } }],
    ] as const)
      expect(seen(await kitter.call('POST', path, { body }))).toEqual(unavailable)
    expect(await readinessOf(kitter)).toEqual(degraded)

    await day.wacCoreDoor.open()
    await until('the root domain is there', async () => (await domains(kitter)).length === 2, recoveryMs)
    expect(await domains(kitter)).toEqual(['anonymous', 'quobis'])
    await kitter.createUser('early')
    expect(await day.whereabouts(kitter, 'early')).toEqual(everywhere)
    await expect.poll(() => readinessOf(kitter), { timeout: recoveryMs }).toEqual(ready)
    const told = day.log.lines.filter(({ msg }) => !/^request|listening|kitter serves/.test(msg))
    expect(told.map(({ level, msg }) => `${level}: ${msg}`)).toEqual([
      "warn: the root domain isn't there yet: kitter tries again",
      'warn: wac-core does not answer',
      'info: the root domain is there',
      'warn: wac-core answers again',
    ])
  })

  it('midway, what it has to do is refused, and what it has not goes on', async () => {
    const kitter = await day.kitter()
    const { id } = await kitter.createUser('settled')
    await day.wacCoreDoor.shut()
    expect(await readinessOf(kitter)).toEqual(degraded)
    for (const path of ['/users', `/users/${id}`, '/domains'])
      expect(seen(await kitter.call('GET', path))).toMatchObject({ status: 200 })
    const { body } = await kitter.call('GET', '/domains')
    const refused = [
      await kitter.call('POST', '/users', { body: { user: { username: 'late' } } }),
      await kitter.call('POST', '/domains', { body: { domain: { domain: 'late.example' } } }),
      await kitter.call('PATCH', `/users/${id}`, { body: { first_name: 'New' } }),
      await kitter.call('DELETE', `/users/${id}`),
    ]
    for (const answer of refused) expect(seen(answer)).toEqual(unavailable)
    // Keycloak alone has to do these
    expect((await kitter.call('PATCH', `/users/${id}`, { body: { credentials: { password: 'new' } } })).status).toBe(
      200,
    )
    expect((await kitter.call('POST', `/users/${id}/logout`)).status).toBe(200)

    await day.wacCoreDoor.open()
    expect(await day.whereabouts(kitter, 'late')).toEqual(nowhere)
    expect(await day.whereabouts(kitter, 'settled')).toEqual(everywhere)
    expect((await kitter.call('GET', '/domains')).body).toEqual(body)
    await kitter.createUser('late')
    await kitter.createDomain('late.example')
    expect((await kitter.call('DELETE', `/users/${id}`)).status).toBe(204)
    expect(await day.whereabouts(kitter, 'settled')).toEqual(nowhere)
  })
})

async function domains(kitter: Awaited<ReturnType<BadDay['kitter']>>): Promise<readonly string[]> {
  const { body } = await kitter.call('GET', '/domains')
  return body.domains.map(({ domain }: { readonly domain: string }) => domain).toSorted()
}
