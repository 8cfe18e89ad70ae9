import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeWith } from '../support/real.ts'
import { TestKitter } from '../support/test-kitter.ts'
import { PlainBrowser } from './plain-browser.fixture.ts'

describeWith('keycloak', 'The password reset mail', () => {
  let kitter: TestKitter

  beforeAll(async () => {
    kitter = await TestKitter.start()
  })
  afterAll(() => kitter[Symbol.asyncDispose]())

  it('arrives, and its link leads to a new password', async () => {
    const user = { email: 'Forgetful@example.com', credentials: { password: 'forgotten' } }
    const { id } = await kitter.createUser('forgetful', user)
    expect((await kitter.call('POST', `/users/${id}/reset-password-email`)).status).toBe(202)

    const mails = kitter.real?.mailbox.to('forgetful@example.com') ?? []
    expect(mails).toHaveLength(1)
    const browser = new PlainBrowser()
    await browser.open(mails[0]!.links[0]!)
    await browser.follow(/proceed/i)
    await browser.send({ 'password-new': 'remembered', 'password-confirm': 'remembered' })
    expect(browser.page).toContain('Your account has been updated')

    expect(await kitter.logIn('forgetful', 'remembered')).toHaveProperty('access_token')
    expect(await kitter.logIn('forgetful', 'forgotten')).toMatchObject({ error: 'invalid_grant' })
  })
})
