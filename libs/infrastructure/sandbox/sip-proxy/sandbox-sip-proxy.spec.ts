import { afterAll, beforeAll, expect, it } from 'vitest'
import { sipProxyContract } from '../../../core/caller-id/application/sip-proxy.contract.ts'
import { migrations, openDatabase } from '#infrastructure/postgres'
import { TestSandbox } from '../test-sandbox.fixture.ts'
import { SandboxSipProxy } from './sandbox-sip-proxy.ts'

let sandbox: TestSandbox
beforeAll(async () => {
  sandbox = await TestSandbox.start()
  const database = await openDatabase({ url: sandbox.databaseUrl, schema: 'kitter', migrations })
  await database.close()
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
