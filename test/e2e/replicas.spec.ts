import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { askForTokens } from '../support/ask-for-tokens.ts'
import type { Answer } from '../support/call.ts'
import { Balancer } from './balancer.fixture.ts'
import { query } from './postgres.fixture.ts'
import { Scene } from './scene.fixture.ts'
import type { ServiceProcess } from './service-process.fixture.ts'
import { until } from './until.fixture.ts'

/** On one database, each with a folder of its own; they start at the same moment. */
async function startReplicas(
  scene: Scene,
  count: number,
): Promise<{ readonly DATABASE_URL: string; readonly replicas: readonly ServiceProcess[] }> {
  const DATABASE_URL = await scene.database()
  const starting = Array.from({ length: count }, () => startReplica(scene, DATABASE_URL))
  return { DATABASE_URL, replicas: await Promise.all(starting) }
}

async function startReplica(scene: Scene, DATABASE_URL: string): Promise<ServiceProcess> {
  return scene.start({ DATABASE_URL, KITTER_DATA_DIR: await scene.folder() })
}

/** How often each status was answered. */
function tally(replies: readonly Answer[]): Readonly<Record<number, number>> {
  const counts: Record<number, number> = {}
  for (const { status } of replies) counts[status] = (counts[status] ?? 0) + 1
  return counts
}

function idOf({ status, text, body }: Answer): string {
  if (status !== 201) throw new Error(`not created: ${text}`)
  return (body as { readonly user: { readonly id: string } }).user.id
}

describe('Replicas', { timeout: 60_000 }, () => {
  it('that start at the same moment on an empty database come up, and are as one', async () => {
    await using scene = new Scene()
    const { DATABASE_URL, replicas } = await startReplicas(scene, 4)

    for (const [index, replica] of replicas.entries()) await replica.createUser(`user-${index}`)
    for (const replica of replicas) {
      expect(await replica.usernames()).toEqual(['user-0', 'user-1', 'user-2', 'user-3'])
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
    for (const username of ['wanted', 'wanted-too', 'wanted-as-well']) {
      const body = { user: { username } }
      const creates = [...replicas, ...replicas, ...replicas].map((replica) => replica.call('POST', '/users', body))
      expect(tally(await Promise.all(creates))).toEqual({ 201: 1, 409: 11 })
    }

    for (const replica of replicas) expect(await replica.stop('SIGINT')).toBe(0)
  })

  it('are replaced one after the other, and no request fails', async () => {
    await using scene = new Scene()
    const { DATABASE_URL, replicas } = await startReplicas(scene, 2)
    await using balancer = Balancer.before(...replicas)
    await using load = new Load(balancer)

    for (const old of replicas) {
      const fresh = await startReplica(scene, DATABASE_URL)
      balancer.add(fresh)
      await until('the new one gets requests', () => balancer.passesTo(fresh))
      expect(await old.stop()).toBe(0)
      const made = load.users
      await until('more users are made', () => load.users > made + 20)
    }

    await load.end()
    expect(load.failures).toEqual([])
    const { body } = await balancer.call('GET', '/users?paginate[max]=1')
    expect(body).toMatchObject({ total: load.users })
  })
})

describe('Two replicas', { timeout: 60_000 }, () => {
  const scene = new Scene()
  let one: ServiceProcess
  let other: ServiceProcess
  beforeAll(async () => {
    const DATABASE_URL = await scene.database()
    one = await startReplica(scene, DATABASE_URL)
    other = await startReplica(scene, DATABASE_URL)
  })
  afterAll(() => scene[Symbol.asyncDispose]())

  it('show at once what another one has done', async () => {
    for (let round = 0; round < 10; round += 1) {
      const [here, there] = round % 2 === 0 ? [one, other] : [other, one]
      const [domain, username] = [`home-${round}.example`, `anna-${round}`]
      expect((await here.call('POST', '/domains', { domain: { domain } })).status).toBe(201)
      const user = { username, attributes: { domain } }
      const id = idOf(await there.call('POST', '/users', { user }))
      expect(await here.call('GET', `/users/${id}`)).toMatchObject({ status: 200, body: { user } })
      expect(await here.call('GET', `/users/${domain}/${username}`)).toMatchObject({ status: 200, body: { id } })
      for (const path of [`/users?username=${username}`, `/users?domain=${domain}`])
        expect(await here.call('GET', path)).toMatchObject({ status: 200, body: { users: [{ id }], total: 1 } })
      const journal = { operations: [{ kind: 'user.create', state: 'done' }], total: 1 }
      expect(await here.call('GET', `/operations?subject=${id}`)).toMatchObject({ status: 200, body: journal })
      const entries = { entries: [{ action: 'user.create', outcome: 'done' }], total: 1 }
      expect(await here.call('GET', `/audit?subject=${id}`)).toMatchObject({ status: 200, body: entries })

      expect((await here.call('PATCH', `/users/${id}`, { first_name: 'Anna' })).status).toBe(200)
      expect(await there.call('GET', `/users/${id}`)).toMatchObject({ body: { user: { first_name: 'Anna' } } })
      expect((await there.call('DELETE', `/users/${id}`)).status).toBe(204)
      expect((await here.call('GET', `/users/${id}`)).status).toBe(404)
    }
  })

  it('answer a request that comes again with what another one has answered', async () => {
    const post = (replica: ServiceProcess, key: string, username: string): Promise<Answer> => {
      const headers = { authorization: `Bearer ${one.adminToken}`, 'idempotency-key': key }
      return replica.call('POST', '/users', { user: { username } }, headers)
    }

    const key = randomUUID()
    const first = await post(one, key, 'once')
    const again = await post(other, key, 'once')
    expect([first.status, first.headers.get('idempotency-replayed')]).toEqual([201, 'false'])
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([201, 'true'])
    expect(again.text).toBe(first.text)
    expect((await post(other, key, 'twice')).status).toBe(422)
    expect(await one.call('GET', '/users?username=once')).toMatchObject({ body: { total: 1 } })
  })

  it('know each other’s sessions', async () => {
    const password = 'correct horse battery staple'
    const id = idOf(await one.call('POST', '/users', { user: { username: 'logs-in', credentials: { password } } }))

    const { refresh_token: token } = await askForTokens(other.url, {
      grant_type: 'password',
      username: 'logs-in',
      password,
    })
    const refreshed = (replica: ServiceProcess) =>
      askForTokens(replica.url, { grant_type: 'refresh_token', refresh_token: String(token) })
    for (const replica of [one, other]) expect(await refreshed(replica)).toHaveProperty('access_token')
    expect(await one.call('POST', `/users/${id}/logout`)).toMatchObject({ status: 200, body: { logged_out: 1 } })
    for (const replica of [one, other]) expect(await refreshed(replica)).toMatchObject({ error: 'invalid_grant' })
  })
})

const callers = 4

/** Callers who create a user and read it, without end. */
class Load implements AsyncDisposable {
  users = 0
  readonly failures: unknown[] = []
  private hasEnded = false
  private readonly calling: Promise<unknown>

  constructor(private readonly balancer: Balancer) {
    this.calling = Promise.all(Array.from({ length: callers }, () => this.keepCalling()))
  }

  async end(): Promise<void> {
    this.hasEnded = true
    await this.calling
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.end()
  }

  private async keepCalling(): Promise<void> {
    while (!this.hasEnded) {
      try {
        const id = idOf(await this.balancer.call('POST', '/users', { user: { username: randomUUID() } }))
        this.users += 1
        const { status, text } = await this.balancer.call('GET', `/users/${id}`)
        if (status !== 200) this.failures.push(text)
      } catch (error) {
        // with nobody to call, each further call would fail before anything else could happen
        this.failures.push(error)
        return
      }
    }
  }
}
