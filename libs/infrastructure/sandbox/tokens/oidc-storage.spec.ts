import { afterAll, beforeAll, expect, it } from 'vitest'
import { SandboxDatabase } from '../database/sandbox-database.ts'
import { TestSandbox } from '../test-sandbox.fixture.ts'
import { OidcStorage } from './oidc-storage.ts'

let sandbox: TestSandbox
let tokens: OidcStorage
beforeAll(async () => {
  sandbox = await TestSandbox.start()
  tokens = new OidcStorage('RefreshToken', sandbox.get(SandboxDatabase))
})
afterAll(() => sandbox[Symbol.asyncDispose]())

async function session(): Promise<string> {
  const { id, loginName } = await sandbox.account()
  await sandbox.logIn(loginName)
  const [row] = await sandbox.rows<{ id: string }>('SELECT id FROM sandbox.sessions WHERE account_id = $1', id)
  return row?.id ?? ''
}

it('gives back what it was given', async () => {
  const grantId = await session()
  await tokens.upsert('a-token', { jti: 'a-token', grantId, scope: 'x' }, 60)
  expect(await tokens.find('a-token')).toEqual({ jti: 'a-token', grantId, scope: 'x' })
  await tokens.upsert('a-token', { jti: 'a-token', grantId, scope: 'y' }, 60)
  expect(await tokens.find('a-token')).toMatchObject({ scope: 'y' })
  expect(await new OidcStorage('AccessToken', sandbox.get(SandboxDatabase)).find('a-token')).toBeUndefined()
})

it('keeps nothing of a session that is not there', async () => {
  await tokens.upsert('orphan', { jti: 'orphan', grantId: 'gone' }, 60)
  expect(await tokens.find('orphan')).toBeUndefined()
})

it('gives back nothing that has expired', async () => {
  await tokens.upsert('old', { jti: 'old', grantId: await session() }, 0)
  expect(await tokens.find('old')).toBeUndefined()
})

it('remembers what was consumed, and forgets what is destroyed', async () => {
  const grantId = await session()
  for (const id of ['one', 'two', 'three']) await tokens.upsert(id, { jti: id, grantId }, 60)
  await tokens.consume('one')
  const consumed: unknown = (await tokens.find('one'))?.consumed
  expect(consumed).toBeGreaterThan(1_700_000_000)
  await tokens.destroy('one')
  expect(await tokens.find('one')).toBeUndefined()
  expect(await tokens.find('two')).toBeDefined()
  await tokens.revokeByGrantId(grantId)
  expect([await tokens.find('two'), await tokens.find('three')]).toEqual([undefined, undefined])
})
