import { afterAll, beforeAll, expect, it } from 'vitest'
import { sipProxyContract } from '../../../core/caller-id/application/sip-proxy.contract.ts'
import { ensureHtable, TableName } from '#infrastructure/sip-proxy'
import { SandboxDatabase } from '../database/sandbox-database.ts'
import { TestHtable } from '../../sip-proxy/test-htable.fixture.ts'
import { TestSandbox } from '../test-sandbox.fixture.ts'
import { SandboxSipProxy } from './sandbox-sip-proxy.ts'

let sandbox: TestSandbox
beforeAll(async () => {
  sandbox = await TestSandbox.start()
  await ensureHtable({ database: sandbox.get(SandboxDatabase), table: TableName.stock })
})
afterAll(() => sandbox[Symbol.asyncDispose]())

const write = async (name: string, value: string): Promise<void> => {
  await sandbox.rows('INSERT INTO public.htable (key_name, key_value) VALUES ($1, $2)', name, value)
}

const erase = async (name: string): Promise<void> => {
  await sandbox.rows('DELETE FROM public.htable WHERE key_name = $1', name)
}

sipProxyContract('The sandbox', () => {
  const sipProxy = sandbox.get(SandboxSipProxy)
  return Promise.resolve({ sipProxy, write, erase, dump: (htable) => sipProxy.dump(htable) })
})

it('goes by the last of several rows of a name, as Kamailio does', async () => {
  await write('twice', 'first')
  await write('twice', 'last')
  await sandbox.get(SandboxSipProxy).reload('translation')
  expect((await sandbox.get(SandboxSipProxy).dump('translation')).get('twice')).toBe('last')
})

it('keeps its htables apart', async () => {
  const sipProxy = sandbox.get(SandboxSipProxy)
  await write('before', 'value')
  await sipProxy.reload('translation')
  await write('after', 'value')
  await sipProxy.reload('other')
  const [translation, other] = [await sipProxy.dump('translation'), await sipProxy.dump('other')]
  expect([translation.has('before'), translation.has('after')]).toEqual([true, false])
  expect([other.has('before'), other.has('after')]).toEqual([true, true])
})

it('reads the table that kitter writes to, also in another database', async () => {
  await using htable = await TestHtable.create({ table: 'sip."Caller IDs"' })
  await using other = await TestSandbox.start({ htable })
  await htable.insert('name', 'there')
  const sipProxy = other.get(SandboxSipProxy)
  await Promise.all(Array.from({ length: 12 }, () => sipProxy.reload('translation')))
  expect([...(await sipProxy.dump('translation'))]).toEqual([['name', 'there']])
})
