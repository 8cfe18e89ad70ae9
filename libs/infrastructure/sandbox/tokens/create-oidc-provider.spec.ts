import { expect, it, vi } from 'vitest'
import { password, TestSandbox } from '../test-sandbox.fixture.ts'
import { sandboxRealm } from './sandbox-realm.ts'

// alone in its file, because oidc-provider says each of its notices only once
it('oidc-provider has nothing to say, at the start or later', async () => {
  const methods = ['log', 'info', 'warn', 'error', 'debug'] as const
  const spies = methods.map((method) => vi.spyOn(console, method).mockImplementation(() => undefined))
  await using sandbox = await TestSandbox.start()
  const { loginName } = await sandbox.account()
  await sandbox.refresh(await sandbox.logIn(loginName, { scope: 'offline_access' }))
  await sandbox.logIn(loginName, { password: 'wrong' })
  await sandbox.ask({ grant_type: 'password', username: loginName, password }, { origin: 'https://elsewhere.example' })
  await sandbox.ask({ grant_type: 'nonsense' }, { accept: 'text/html' })
  for (const path of [sandboxRealm.keysPath, sandboxRealm.discoveryPath]) await sandbox.fetch(path)
  expect(spies.flatMap(({ mock }) => mock.calls)).toEqual([])
})
