import { afterAll, beforeAll } from 'vitest'
import { AccountChanges, IdentityDirectory } from '#core/users'
import { accountChangesContract } from '../../../core/users/application/account-changes.contract.ts'
import { TestSandbox } from '../test-sandbox.fixture.ts'

let sandbox: TestSandbox
beforeAll(async () => {
  sandbox = await TestSandbox.start()
})
afterAll(() => sandbox[Symbol.asyncDispose]())

accountChangesContract('The sandbox', () =>
  Promise.resolve({ changes: sandbox.get(AccountChanges), directory: sandbox.get(IdentityDirectory) }),
)
