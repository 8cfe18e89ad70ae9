import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TestKitter } from '../../support/test-kitter.ts'
import { DatabaseLook } from './database-look.fixture.ts'
import { NativeApi } from './native-api.fixture.ts'
import { answer, refusal } from './refusal.fixture.ts'

const password = 'correct horse battery staple'
const credentials = { password }

const resources = new AsyncDisposableStack()
let kitter: TestKitter
let api: NativeApi
let look: DatabaseLook

beforeAll(async () => {
  kitter = resources.use(await TestKitter.start())
  api = new NativeApi(kitter)
  look = resources.use(await DatabaseLook.into(kitter))
})
afterAll(() => resources.disposeAsync())

async function member(username: string, domain = 'quobis'): Promise<string> {
  return (await kitter.createUser(username, { attributes: { domain }, credentials })).id
}

/** The refresh token of a new session. */
async function session(username: string, scope?: string): Promise<string> {
  const answered = await kitter.logIn(username, password, scope)
  expect(answered).toMatchObject({ token_type: 'Bearer', refresh_token: expect.any(String) as unknown })
  return String(answered['refresh_token'])
}

const offline = (username: string): Promise<string> => session(username, 'openid offline_access')

async function isGood(refreshToken: string): Promise<boolean> {
  const answered = await kitter.refresh(refreshToken)
  if ('access_token' in answered) return true
  expect(answered).toMatchObject({ error: 'invalid_grant' })
  return false
}

async function areGood(refreshTokens: readonly string[]): Promise<boolean[]> {
  const good: boolean[] = []
  for (const token of refreshTokens) good.push(await isGood(token))
  return good
}

async function logInRefusal(username: string, withPassword = password): Promise<unknown> {
  const { error, error_description: description, access_token: token } = await kitter.logIn(username, withPassword)
  expect(token).toBeUndefined()
  expect(error).toBe('invalid_grant')
  return description
}

describe('Logging in', () => {
  it('works with the username, in any case, and the password that the user was created with', async () => {
    await member('log.in')

    expect(await isGood(await session('log.in'))).toBe(true)
    expect(await isGood(await session('Log.In'))).toBe(true)
    expect(await logInRefusal('log.in', 'wrong')).toBe('Invalid user credentials')
    expect(await logInRefusal('log.out')).toBe('Invalid user credentials')
  })

  it('doesn’t work for who was created without a password', async () => {
    await kitter.createUser('no-password')

    expect(await logInRefusal('no-password')).toBe('Invalid user credentials')
  })

  it('takes passwords of any letters', async () => {
    for (const [index, strange] of ['ünï çôdé 🎉', ' spaces around ', 'x'.repeat(255), '"\'\\%_\t\n'].entries()) {
      await kitter.createUser(`strange-${index}`, { credentials: { password: strange } })
      expect(await kitter.logIn(`strange-${index}`, strange)).toHaveProperty('access_token')
    }
  })

  it('is refused with a temporary password, until it was changed', async () => {
    const { id } = await kitter.createUser('temporary', { credentials: { password, temporary: true } })
    expect(await logInRefusal('temporary')).toBe('Account is not fully set up')

    expect((await api.updateUser(id, { credentials: { password: 'their own' } })).status).toBe(200)
    expect(await logInRefusal('temporary')).toBe('Invalid user credentials')
    expect(await kitter.logIn('temporary', 'their own')).toHaveProperty('access_token')

    expect((await api.updateUser(id, { credentials: { password, temporary: true } })).status).toBe(200)
    expect(await logInRefusal('temporary')).toBe('Account is not fully set up')
  })

  it('is refused to who is disabled, from the start or later, and works again once enabled', async () => {
    const { id } = await kitter.createUser('disabled', { enabled: false, credentials })
    expect(await logInRefusal('disabled')).toBe('Account disabled')

    await api.updateUser(id, { enabled: true })
    expect(await isGood(await session('disabled'))).toBe(true)

    await api.updateUser(id, { enabled: false })
    expect(await logInRefusal('disabled')).toBe('Account disabled')
  })

  it('goes by the new username after a rename, with the sessions kept', async () => {
    const id = await member('maiden')
    const token = await session('maiden')
    await api.updateUser(id, { username: 'married' })

    expect(await isGood(token)).toBe(true)
    expect(await isGood(await session('married'))).toBe(true)
    expect(await logInRefusal('maiden')).toBe('Invalid user credentials')
  })

  it('doesn’t go by the email', async () => {
    await kitter.createUser('has-mail', { email: 'has-mail@example.com', credentials })

    expect(await logInRefusal('has-mail@example.com')).toBe('Invalid user credentials')
  })
})

describe('Logging out a user', () => {
  it('ends all of the sessions, offline ones included, and says how many', async () => {
    const id = await member('out')
    await member('in')
    const tokens = [await session('out'), await session('out'), await offline('out'), await offline('out')]
    const others = [await session('in'), await offline('in')]
    expect(await areGood(tokens)).toEqual([true, true, true, true])

    expect(await api.logOutUser(id)).toEqual(answer(200, { logged_out: 4 }))
    expect(await areGood(tokens)).toEqual([false, false, false, false])
    expect(await areGood(others)).toEqual([true, true])
    expect(await api.logOutUser(id)).toEqual(answer(200, { logged_out: 0 }))
  })

  it('lets the user log in again', async () => {
    const id = await member('out-and-in')
    await session('out-and-in')
    await api.logOutUser(id)

    expect(await isGood(await session('out-and-in'))).toBe(true)
  })

  it('works on a user who is disabled or has no password', async () => {
    const { id } = await kitter.createUser('never-in', { enabled: false })

    expect(await api.logOutUser(id)).toEqual(answer(200, { logged_out: 0 }))
  })
})

describe('Logging out a domain', () => {
  it('ends the sessions of all its users, but not those of its subdomains or of others', async () => {
    const domain = await kitter.createDomain('out.example.com')
    await kitter.createDomain('sub.out.example.com', 'out.example.com')
    await kitter.createDomain('other.example.com')
    await Promise.all([
      member('out-1', 'out.example.com'),
      member('out-2', 'out.example.com'),
      member('out-sub', 'sub.out.example.com'),
      member('out-other', 'other.example.com'),
      member('out-root'),
    ])
    const ended = [await session('out-1'), await offline('out-1'), await session('out-2'), await session('out-2')]
    const kept = [
      await session('out-sub'),
      await offline('out-sub'),
      await session('out-other'),
      await session('out-root'),
    ]

    expect(await api.logOutDomain(domain.id)).toEqual(answer(200, { logged_out: 4 }))
    expect(await areGood(ended)).toEqual([false, false, false, false])
    expect(await areGood(kept)).toEqual([true, true, true, true])
    expect(await api.logOutDomain(domain.id)).toEqual(answer(200, { logged_out: 0 }))
  })

  it('works on the root, without the rest of the platform', async () => {
    const { body } = await api.listDomains({ name: 'quobis' })
    await kitter.createDomain('below-root.example.com')
    await member('at-root')
    await member('below-root', 'below-root.example.com')
    await api.logOutRealm()
    const [atRoot, belowRoot] = [await session('at-root'), await session('below-root')]

    expect(await api.logOutDomain(body.domains[0]!.id)).toEqual(answer(200, { logged_out: 1 }))
    expect(await areGood([atRoot, belowRoot])).toEqual([false, true])
  })

  it('goes by where a user lives now', async () => {
    const from = await kitter.createDomain('from.example.com')
    const to = await kitter.createDomain('to.example.com')
    const id = await member('mover', 'from.example.com')
    const token = await session('mover')
    await api.updateUser(id, { attributes: { domain: 'to.example.com' } })

    expect(await isGood(token)).toBe(true)
    expect(await api.logOutDomain(from.id)).toEqual(answer(200, { logged_out: 0 }))
    expect(await api.logOutDomain(to.id)).toEqual(answer(200, { logged_out: 1 }))
    expect(await isGood(token)).toBe(false)
  })

  it('answers 404 where there is no such domain', async () => {
    for (const id of ['0123456789abcdef01234567', 'quobis', 'logout'])
      expect(await api.logOutDomain(id)).toEqual(refusal(404, 'domain.unknown', 'There is no such domain.'))
  })
})

describe('Logging out the realm', () => {
  it('ends everybody’s sessions but kitter’s own access', async () => {
    await kitter.createDomain('realm.example.com')
    await member('realm-1')
    await member('realm-2', 'realm.example.com')
    await api.logOutRealm()
    const tokens = [await session('realm-1'), await offline('realm-1'), await session('realm-2')]

    expect(await api.logOutRealm()).toEqual(answer(200, { logged_out: 3 }))
    expect(await areGood(tokens)).toEqual([false, false, false])
    expect(await api.logOutRealm()).toEqual(answer(200, { logged_out: 0 }))
    expect(await isGood(await session('realm-1'))).toBe(true)
  })
})

describe('Sessions end', () => {
  it('with a change of the password', async () => {
    const id = await member('changer')
    const tokens = [await session('changer'), await offline('changer')]
    const updated = await api.updateUser(id, { credentials: { password: 'another one' } })

    expect(updated.status).toBe(200)
    expect(updated.text).not.toContain('another one')
    expect(await areGood(tokens)).toEqual([false, false])
    expect(await logInRefusal('changer')).toBe('Invalid user credentials')
    expect(await kitter.logIn('changer', 'another one')).toHaveProperty('access_token')
  })

  it('with a disabling, and don’t come back with an enabling', async () => {
    const id = await member('switched')
    const tokens = [await session('switched'), await offline('switched')]

    await api.updateUser(id, { enabled: false })
    expect(await areGood(tokens)).toEqual([false, false])
    await api.updateUser(id, { enabled: true })
    expect(await areGood(tokens)).toEqual([false, false])
  })

  it('with the deletion of the user, whose name is somebody else’s then', async () => {
    const id = await member('deleted')
    const tokens = [await session('deleted'), await offline('deleted')]

    expect((await api.removeUser(id)).status).toBe(204)
    expect(await areGood(tokens)).toEqual([false, false])
    expect(await logInRefusal('deleted')).toBe('Invalid user credentials')
    await member('deleted')
    expect(await areGood(tokens)).toEqual([false, false])
  })

  it('with no other change', async () => {
    const id = await member('steady')
    const token = await session('steady')
    const change = { enabled: true, first_name: 'S', email: 'steady@example.com', attributes: { team: 'red' } }

    expect((await api.updateUser(id, change)).status).toBe(200)
    expect(await isGood(token)).toBe(true)
  })

  it('not with a change that was refused: the password stays as well', async () => {
    const id = await member('refused')
    await member('in-the-way')
    const token = await session('refused')
    const change = { username: 'in-the-way', enabled: false, credentials: { password: 'another one' } }

    expect(await api.updateUser(id, change)).toEqual(refusal(409, 'user.name_taken'))
    expect(await isGood(token)).toBe(true)
    expect(await isGood(await session('refused'))).toBe(true)
  })
})

describe('The password reset mail', () => {
  it('is sent, with a link', async () => {
    const { id } = await kitter.createUser('forgetful', { email: 'For.Getful@example.com', credentials })
    const token = await session('forgetful')

    expect(await api.sendResetMail(id)).toEqual(answer(202, {}))
    expect(await look.keycloak.mailsTo('For.Getful@example.com')).toEqual([
      expect.stringMatching(/^http.*\/login-actions\/action-token\?key=/),
    ])
    expect(await isGood(token)).toBe(true)
    expect(await isGood(await session('forgetful'))).toBe(true)
  })

  it('goes to the address that the user has now', async () => {
    const { id } = await kitter.createUser('readdressed', { email: 'old@readdressed.com' })
    await api.updateUser(id, { email: 'new@readdressed.com' })
    await api.sendResetMail(id)

    expect(await look.keycloak.mailsTo('old@readdressed.com')).toEqual([])
    expect(await look.keycloak.mailsTo('new@readdressed.com')).toHaveLength(1)
  })

  it('is refused without an address', async () => {
    const { id } = await kitter.createUser('unreachable')

    expect(await api.sendResetMail(id)).toEqual(
      refusal(409, 'user.email_missing', 'The user has no email address to send a mail to.'),
    )
  })

  it('is refused to who is disabled', async () => {
    const { id } = await kitter.createUser('locked-out', { email: 'locked-out@example.com', enabled: false })

    expect(await api.sendResetMail(id)).toEqual(
      refusal(409, 'user.disabled', 'The user is disabled, so no mail is sent.'),
    )
    expect(await look.keycloak.mailsTo('locked-out@example.com')).toEqual([])
  })
})
