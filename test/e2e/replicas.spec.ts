import { expect, it } from 'vitest'
import { query } from './postgres.fixture.ts'
import { Scene } from './scene.fixture.ts'

it(
  'Replicas that start at the same moment on an empty database come up, and are as one',
  { timeout: 60_000 },
  async () => {
    await using scene = new Scene()
    const DATABASE_URL = await scene.database()
    const folders = await Promise.all([1, 2, 3].map(() => scene.folder()))
    const starting = folders.map((KITTER_DATA_DIR) => scene.start({ DATABASE_URL, KITTER_DATA_DIR }))
    const replicas = await Promise.all(starting)

    for (const [index, replica] of replicas.entries()) await replica.createUser(`user-${index}`)
    for (const replica of replicas) {
      expect(await replica.usernames()).toEqual(['user-0', 'user-1', 'user-2'])
      for (const { adminToken } of replicas) {
        const reply = await replica.call('GET', '/domains', undefined, { authorization: `Bearer ${adminToken}` })
        expect(reply).toMatchObject({ status: 200, body: { domains: [{ domain: 'anonymous' }, { domain: 'quobis' }] } })
      }
      expect(replica.stderr).toBe('')
    }
    for (const schema of ['kitter', 'sandbox']) {
      const twice = `SELECT name FROM ${schema}.migrations GROUP BY name HAVING count(*) > 1`
      expect(await query(DATABASE_URL, twice)).toEqual([])
    }
    const creates = replicas.map((replica) => replica.call('POST', '/users', { user: { username: 'wanted' } }))
    expect((await Promise.all(creates)).map(({ status }) => status).sort()).toEqual([201, 409, 409])

    for (const replica of replicas) expect(await replica.stop('SIGINT')).toBe(0)
  },
)
