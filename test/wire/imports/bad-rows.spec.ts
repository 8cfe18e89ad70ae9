import { afterAll, beforeAll, expect, it } from 'vitest'
import { TestKitter } from '../../support/test-kitter.ts'
import { ImportsApi, type RowShape } from './imports-api.fixture.ts'
import { kindsOfBadRows, peopleFile } from './people-file.fixture.ts'

let kitter: TestKitter
beforeAll(async () => {
  kitter = await TestKitter.start()
  await kitter.createDomain('home.example')
  await kitter.createDomain('other.example')
})
afterAll(() => kitter[Symbol.asyncDispose]())

function toldOf({ outcome, code, sentence }: RowShape): string {
  return code === undefined ? outcome : `${outcome} ${code}: ${sentence ?? ''}`
}

it('Of a thousand rows all good ones are created, and each bad one is told with its reason', async () => {
  const { file, verdicts } = peopleFile(1000)
  const imports = new ImportsApi(kitter)
  const query = 'on_existing=fail'
  const rehearsed = await imports.run(file, { query: `${query}&dry_run=true` }, 120_000)
  const { told, rows } = await imports.run(file, { query }, 120_000)
  const bad = verdicts.filter((verdict) => verdict !== 'created')
  expect(bad.length).toBeGreaterThan(3 * kindsOfBadRows)
  expect(told.map(toldOf)).toEqual(verdicts)
  expect(rows).toMatchObject({ read: 1000, created: 1000 - bad.length, refused: bad.length, unsettled: 0 })
  expect((await kitter.call('GET', '/users?username=person')).body.total).toBe(1000 - bad.length)
  expect(rehearsed.told).toEqual(told)
}, 300_000)
