import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { addManyUsers } from '../../../libs/dialects/kazoo/infrastructure/many-users.fixture.ts'
import type { Answer } from '../../support/test-kitter.ts'
import { KazooClient, type TestAccount } from './kazoo-client.fixture.ts'

const resources = new AsyncDisposableStack()
let kazoo: KazooClient
let account: TestAccount
beforeAll(async () => {
  kazoo = resources.use(await KazooClient.start())
  account = await kazoo.account()
  await addManyUsers(kazoo.look, account.domain, 1500)
})
afterAll(() => resources.disposeAsync())

const list = (query: string): Promise<Answer> => kazoo.call('GET', `${account.users}?${query}`)

describe('Where documents are so many that looking into them takes long,', () => {
  beforeEach(async () => {
    await kazoo.look.rows('ALTER TABLE kitter.user_extensions RENAME TO away')
    return async () => {
      await kazoo.look.rows('DROP VIEW IF EXISTS kitter.user_extensions')
      await kazoo.look.rows('ALTER TABLE kitter.away RENAME TO user_extensions')
    }
  })

  /** Whenever a question comes to the documents. */
  async function take(seconds: number): Promise<void> {
    await kazoo.look.rows(
      `CREATE VIEW kitter.user_extensions AS SELECT * FROM kitter.away WHERE (SELECT pg_sleep(${seconds}))::text = ''`,
    )
  }

  it.each([
    ['one question', 4, 'filter_custom=x'],
    ['all questions together', 1.2, 'filter_not_custom=x'],
    ['all questions together about a first slice', 1.2, 'filter_not_custom=x&paginate=false'],
  ])('a list is told so that takes too long by %s', async (_, seconds, query) => {
    await take(seconds)
    const answer = await list(query)
    expect([answer.status, answer.body.data]).toEqual([
      400,
      { filter: { maxTime: { message: 'The list takes more than 3 seconds: look for less', target: 3 } } },
    ])
    expect(answer.headers.has('retry-after')).toBe(false)
  })
})
