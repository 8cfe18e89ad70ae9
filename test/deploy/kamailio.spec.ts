import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import pg from 'pg'
import { expect, it } from 'vitest'
import { freePort } from '#infrastructure/embedded-postgres'
import { connectDatabase } from '#infrastructure/postgres'
import { connectCallOriginator, ensureHtable, TableName } from '#infrastructure/sip-proxy'
import { run } from '../../libs/infrastructure/sip-proxy/test-htable.fixture.ts'
import { Scene } from '../e2e/scene.fixture.ts'
import { checkout } from '../e2e/service-process.fixture.ts'
import { until } from '../e2e/until.fixture.ts'
import { createHtable } from '../support/create-htable.ts'
import { listen } from '../support/listen.ts'
import { describeWith } from '../support/real.ts'

const folder = join(checkout, 'deploy')

/** What the script gives to `psql` for Kamailio's database, without who may do what in it. */
async function stockSchema(): Promise<string> {
  const script = await readFile(join(folder, 'postgres/create-databases.sh'), 'utf8')
  const sql = /--dbname kamailio <<'SQL'\n(.*?)^SQL$/ms.exec(script)?.[1] ?? ''
  return sql.replaceAll(/^(SET ROLE|GRANT) .*;$/gm, '')
}

/** Starts the container's Kamailio here, on other ports and in another folder, and tells where its JSON-RPC is. */
async function startKamailio(scene: Scene, program: string, databaseUrl: string): Promise<string> {
  const place = await scene.folder()
  const ports: Readonly<Record<string, number>> = { '5060': await freePort(), '8090': await freePort() }
  const config = (await readFile(join(folder, 'kamailio/kamailio.cfg'), 'utf8'))
    .replaceAll(/8090|5060/g, (port) => String(ports[port]))
    .replaceAll('0.0.0.0', '127.0.0.1')
    .replaceAll('/tmp/', `${place}/`)
  await writeFile(join(place, 'kamailio.cfg'), config)
  const child = spawn(program, ['-f', join(place, 'kamailio.cfg'), '-DD', '-E', '-m', '32', '-Y', place], {
    env: { PATH: process.env['PATH'], KAMAILIO_DATABASE_URL: databaseUrl },
    stdio: 'ignore',
  })
  scene.afterwards(async () => {
    if (child.exitCode === null && child.kill()) await once(child, 'exit')
  })
  return `http://127.0.0.1:${ports['8090']}`
}

async function ask(url: string, method: string): Promise<unknown> {
  const body = JSON.stringify({ jsonrpc: '2.0', method, params: ['translation'], id: 1 })
  const response = await fetch(`${url}/RPC`, { method: 'POST', body })
  return ((await response.json()) as { result: unknown }).result
}

/** A database of its own with a table `htable`, and how that table is. */
async function htableMadeBy(scene: Scene, make: (databaseUrl: string) => Promise<unknown>): Promise<unknown[]> {
  const databaseUrl = await scene.database()
  await make(databaseUrl)
  return run(
    databaseUrl,
    `SELECT column_name, data_type, character_maximum_length, column_default, is_nullable
      FROM information_schema.columns WHERE table_name = 'htable' ORDER BY ordinal_position`,
  )
}

async function makeAsKitterDoes(databaseUrl: string): Promise<void> {
  const database = connectDatabase({ url: databaseUrl, name: 'It', purpose: 'test' })
  await ensureHtable({ database, table: TableName.stock })
  await database.close()
}

it('The deployment has the same table as kitter makes', async () => {
  await using scene = new Scene()
  const made = await htableMadeBy(scene, makeAsKitterDoes)
  expect(made).toHaveLength(6)
  expect(await htableMadeBy(scene, async (url) => run(url, await stockSchema()))).toEqual(made)
})

describeWith('kamailio', 'The table that Kamailio comes with', () => {
  it('is the one that kitter makes', async () => {
    await using scene = new Scene()
    expect(await htableMadeBy(scene, createHtable)).toEqual(await htableMadeBy(scene, makeAsKitterDoes))
  })
})

describeWith('kamailio', "The deployment's Kamailio", (program) => {
  it('reads the stock table, and again when JSON-RPC says so, at one path only', async () => {
    await using scene = new Scene()
    const databaseUrl = await scene.database()
    const client = new pg.Client({ connectionString: databaseUrl })
    await client.connect()
    scene.afterwards(() => client.end())
    await client.query(await stockSchema())
    const url = await startKamailio(scene, program, databaseUrl)

    const dump = () => ask(url, 'htable.dump').catch(() => undefined)
    expect(await until('Kamailio answers', dump)).toEqual([])
    await client.query("INSERT INTO htable (key_name, key_value) VALUES ('205', '+34900')")
    expect(await dump()).toEqual([])
    expect(await ask(url, 'htable.reload')).toMatch(/^Ok/)
    expect(JSON.stringify(await dump())).toContain('"name":"205","value":"+34900"')

    expect((await fetch(`${url}/RPC`)).status).toBe(404)
    expect((await fetch(`${url}/elsewhere`, { method: 'POST', body: '{}' })).status).toBe(404)
  })

  it('places quick calls, and has phones send nothing to anybody else', async () => {
    await using scene = new Scene()
    const databaseUrl = await scene.database()
    await run(databaseUrl, await stockSchema())
    const url = await startKamailio(scene, program, databaseUrl)
    await until('Kamailio answers', () => ask(url, 'htable.dump').catch(() => undefined))
    const phone = createServer()
    scene.afterwards(() => phone.close())
    const port = await listen(phone)
    const ringing = once(phone, 'connection') as Promise<[Socket]>
    const from = `sip:anna@127.0.0.1:${port};transport=tcp`

    await connectCallOriginator({ url: `${url}/RPC` }).originate({ from, to: 'sip:+34910000000@example.com' })
    const [line] = await ringing
    const [invite] = (await once(line, 'data')) as [Buffer]
    line.destroy()
    expect(invite.toString()).toMatch(/^INVITE sip:anna@[^]*^Contact: <sip:quickcall@kamailio:\d+>\r$/m)
    expect(invite.toString()).not.toContain('kamailio.org')
  })
})
