import { expect, it } from 'vitest'
import { until } from '../e2e/until.fixture.ts'
import { Lab } from './lab.fixture.ts'
import { leaseSeconds, timing } from './length.fixture.ts'

const count = 400

interface Row {
  readonly row: number
  readonly outcome: string
}

interface Answer {
  readonly import: { readonly id: string; readonly state: string; readonly rows: Readonly<Record<string, number>> }
}

it(
  'An import goes on when its process is killed: no row is lost, and none is done twice',
  { timeout: 180_000 },
  async () => {
    const imports = { restSeconds: 1, renewSeconds: 0.5 }
    const hurried = { ...timing, importLeaseSeconds: leaseSeconds, imports }
    await using lab = await Lab.open(2, { FAULTS_TIMING: JSON.stringify(hurried) })
    await lab.createDomain('home.example')
    const names = Array.from({ length: count }, (_, index) => `killed${index}`)
    const file = ['username,domain,email', ...names.map((name) => `${name},home.example,${name}@mail.example`)].join(
      '\n',
    )
    const id = await start(lab, file)

    for (const killedAt of [1, count / 2]) {
      await until('it is so far', async () => (await done()) >= killedAt, 60_000)
      // whoever of the two works on it, it's killed once
      const [oldest] = lab.replicas
      if (oldest !== undefined) await lab.kill(oldest)
      await lab.add()
    }
    await until('it is done', async () => (await read())?.state === 'done', 120_000)
    await lab.settled(60_000)

    const { rows } = await until('it is told', read)
    expect(rows).toEqual({ read: count, created: count, updated: 0, skipped: 0, refused: 0, unsettled: 0 })
    const told = await lab.rows<Row>(
      'SELECT row::int, outcome FROM kitter.import_rows WHERE import = $1 ORDER BY row',
      id,
    )
    expect(told.map(({ row }) => row)).toEqual(names.map((_, index) => index + 1))
    for (const [table, name] of [
      ['kitter.users', 'username'],
      ['sandbox.accounts', 'login_name'],
      ['sandbox.wac_users', `document ->> 'username'`],
    ]) {
      const found = await lab.rows<{ name: string }>(
        `SELECT ${name} AS name FROM ${table} WHERE ${name} LIKE 'killed%'`,
      )
      expect(found.map((each) => each.name).toSorted(), table).toEqual(names.toSorted())
    }
    const created = await lab.rows(`SELECT FROM audit.entries WHERE action = 'user.create' AND outcome = 'done'`)
    expect(created).toHaveLength(count)
    expect(await lab.rows('SELECT FROM kitter.import_chunks')).toEqual([])

    async function read(): Promise<Answer['import'] | undefined> {
      const { body } = await lab.call(undefined, { method: 'GET', path: `/imports/${id}` })
      return (body as Partial<Answer> | undefined)?.import
    }

    async function done(): Promise<number> {
      return (await read())?.rows['read'] ?? 0
    }
  },
)

async function start({ survivor: { url, adminToken } }: Lab, body: string): Promise<string> {
  const headers = { authorization: `Bearer ${adminToken}`, 'content-type': 'text/csv' }
  const answer = await fetch(`${url}/imports`, { method: 'POST', headers, body })
  expect(answer.status).toBe(202)
  return ((await answer.json()) as Answer).import.id
}
