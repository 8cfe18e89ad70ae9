import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Credentials, IdentityDirectory } from '#core/users'
import { credentialsContract, type CredentialsBench } from '../../../core/users/application/credentials.contract.ts'
import { TestSandbox, type TokenAnswer } from '../test-sandbox.fixture.ts'

let sandbox: TestSandbox
beforeAll(async () => {
  sandbox = await TestSandbox.start()
})
afterAll(() => sandbox[Symbol.asyncDispose]())

function outcomeOf({ status, error, error_description }: TokenAnswer): Awaited<ReturnType<CredentialsBench['logIn']>> {
  if (status === 200) return 'in'
  expect([status, error]).toEqual([400, 'invalid_grant'])
  if (error_description === 'Account is not fully set up') return 'must change the password'
  expect(error_description).toBe('Invalid user credentials')
  return 'refused'
}

const bench = (): CredentialsBench => ({
  credentials: sandbox.get(Credentials),
  directory: sandbox.get(IdentityDirectory),
  logIn: async (loginName, password) => outcomeOf(await sandbox.logIn(loginName, { password })),
  mailsTo: async (address) => (await sandbox.rows('SELECT FROM sandbox.mails WHERE recipient = $1', address)).length,
})

credentialsContract('The sandbox', () => Promise.resolve(bench()))

describe("The sandbox's outbox", () => {
  it('shows what was sent where and when', async () => {
    const { id, email } = await sandbox.account({ email: 'Anna@Example.com' })
    await sandbox.get(Credentials).sendResetMail(id)
    const [mail] = await sandbox.rows<{ link: string; sent_at: Date }>(
      'SELECT recipient, subject, link, sent_at FROM sandbox.mails WHERE recipient = $1',
      email,
    )
    expect(mail).toMatchObject({ recipient: 'Anna@Example.com', subject: 'Reset password' })
    expect(mail?.link).toMatch(/^http:\/\/kitter\.sandbox\/realms\/kitter\/login-actions\//)
    expect(mail?.sent_at).toBeInstanceOf(Date)
  })
})
