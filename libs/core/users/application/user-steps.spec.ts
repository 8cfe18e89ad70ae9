import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DomainRegistry } from '#core/domains'
import type { Journalled, Step } from '#core/provisioning'
import { newDomain } from '../../domains/application/domain-records.contract.ts'
import { TestSandbox } from '../../../infrastructure/sandbox/test-sandbox.fixture.ts'
import type { User } from '../domain/user.ts'
import { communicationsUserOf } from './account.ts'
import { CommunicationsUsers } from './communications-users.ts'
import { Credentials } from './credentials.ts'
import { IdentityDirectory } from './identity-directory.ts'
import { newUserRecord } from './user-records.contract.ts'
import type { UserRecord } from './user-records.ts'
import { UserSessions } from './user-sessions.ts'
import { type NewUserSteps, UserSteps } from './user-steps.ts'

const sipCredential = () => ({ username: `sip-${randomUUID()}`, password: 'x' })
const domain = newDomain()
const password = { value: 'correct horse', temporary: false }

let sandbox: TestSandbox
let communications: CommunicationsUsers
let directory: IdentityDirectory
let credentials: Credentials
let steps: UserSteps
beforeAll(async () => {
  sandbox = await TestSandbox.start()
  communications = sandbox.get(CommunicationsUsers)
  directory = sandbox.get(IdentityDirectory)
  credentials = sandbox.get(Credentials)
  steps = new UserSteps(communications, directory, credentials, sandbox.get(UserSessions))
  await sandbox.get(DomainRegistry).create(domain)
})
afterAll(() => sandbox[Symbol.asyncDispose]())

const newUser = (fields: Partial<User> = {}): User => ({
  ...newUserRecord({ domain: domain.name }).user,
  firstName: 'Before',
  ...fields,
})

const stepsOf = (user: User): NewUserSteps => ({
  user,
  loginName: user.username,
  mapsSip: false,
  setsPassword: false,
})

/** Makes all of them, as somebody does who knows what the ones before have learned. */
async function made<State extends Journalled>(
  all: readonly Step<State>[],
  from: State,
  to = all.length,
): Promise<State> {
  let state = from
  for (const step of all.slice(0, to)) {
    if (step.look !== undefined) state = await step.look(state)
    state = await step.do(state)
  }
  return state
}

async function undone<State extends Journalled>(all: readonly Step<State>[], state: State): Promise<void> {
  for (const step of all.toReversed()) await step.undo?.(state)
}

async function given(fields: Partial<User> = {}): Promise<UserRecord> {
  const user = newUser(fields)
  const { communicationsId = '' } = await made(steps.create(stepsOf(user)), {})
  return { user, loginName: user.username, communicationsId }
}

async function placesOf({ id, username }: User): Promise<string[]> {
  const account = await directory.find(id)
  const found = await communications.findByName(domain.name, username)
  return [...(account === undefined ? [] : ['Keycloak']), ...(found?.user.externalId === id ? ['wac-core'] : [])]
}

describe('creating a user', () => {
  it.each([0, 1, 2, 3])(
    'can be undone by somebody who has learned nothing, after %s of its steps, twice',
    async (count) => {
      const user = newUser()
      const payload = { ...stepsOf(user), mapsSip: true }
      const sipMapping = sipCredential()
      await made(steps.create(payload, { sipMapping }), {}, count)
      for (let time = 0; time < 2; time++) await undone(steps.create(payload), {})
      expect(await placesOf(user)).toEqual([])
      await made(steps.create(payload, { sipMapping }), {})
      expect(await placesOf(user)).toEqual(['Keycloak', 'wac-core'])
    },
  )

  it('is undone with all that was learned as well', async () => {
    const user = newUser()
    const payload = { ...stepsOf(user), mapsSip: true }
    const state = await made(steps.create(payload, { sipMapping: sipCredential() }), {})
    for (let time = 0; time < 2; time++) await undone(steps.create(payload), state)
    expect(await placesOf(user)).toEqual([])
  })

  it('is undone without touching another user who has the name at wac-core', async () => {
    const { user: other } = await given()
    const user = newUser({ username: other.username })
    await undone(steps.create(stepsOf(user)), {})
    expect(await placesOf(other)).toEqual(['Keycloak', 'wac-core'])
  })

  it('maps no SIP account where the secret is gone', async () => {
    const payload = { ...stepsOf(newUser()), mapsSip: true }
    await expect(made(steps.create(payload), {})).rejects.toMatchObject({ code: 'operation.secret_gone' })
  })
})

describe('changing a user', () => {
  const changedOf = (before: UserRecord): UserRecord => ({
    ...before,
    user: { ...before.user, firstName: 'After', attributes: { teams: ['a'] } },
  })

  it('comes to the same when its steps are made again', async () => {
    const before = await given()
    const after = changedOf(before)
    const hashed = await credentials.hash(password, 'another')
    const all = () => steps.update({ before, after, password: hashed, setsPassword: false })
    const state = await made(all(), {})
    await made(all(), state)
    expect(await communications.find(before.communicationsId)).toEqual(communicationsUserOf(after.user))
    expect(await directory.find(before.user.id)).toMatchObject({ firstName: 'After', attributes: { teams: ['a'] } })
    expect(await sandbox.logIn(before.loginName, { password: password.value })).toMatchObject({ status: 200 })
  })

  it.each([0, 1, 2])(
    'is undone after %s of its steps, also by somebody who looks at what is new already',
    async (count) => {
      const before = await given({ attributes: { kept: ['1'] } })
      const account = await directory.find(before.user.id)
      const all = () => steps.update({ before, after: changedOf(before), setsPassword: false })
      const state = await made(all(), {}, count)
      const again = await made(all(), state, count)
      for (let time = 0; time < 2; time++) await undone(all(), again)
      expect(await communications.find(before.communicationsId)).toEqual(communicationsUserOf(before.user))
      expect(await directory.find(before.user.id)).toEqual(account)
    },
  )

  it('with a password cannot be undone behind it', async () => {
    const before = await given()
    const hashed = await credentials.hash(password, 'another')
    const all = steps.update({ before, after: changedOf(before), password: hashed, setsPassword: false })
    expect(all.map((step) => [step.name, step.undo !== undefined])).toEqual([
      ['wac-core: update user', true],
      ['keycloak: update account', false],
      ['keycloak: end sessions', false],
    ])
  })

  it('goes on without the password where it was set, and not where it was not', async () => {
    const before = await given()
    const payload = { before, after: changedOf(before), setsPassword: true }
    const [setting] = steps.update(payload, { password }).filter(({ name }) => name === 'keycloak: set password')
    const [settling] = steps.update(payload).filter(({ name }) => name === 'keycloak: set password')
    const state = (await setting?.look?.({})) ?? {}
    await expect(settling?.do(state)).rejects.toMatchObject({ code: 'operation.secret_gone' })
    await setting?.do(state)
    expect(await settling?.look?.(state)).toEqual(state)
    expect(await settling?.do(state)).toEqual(state)
  })

  it('takes no step where nothing changes', async () => {
    const before = await given()
    expect(steps.update({ before, after: before, setsPassword: false })).toEqual([])
  })
})

describe('removing a user', () => {
  it.each([0, 1, 2])('is finished after %s of its steps', async (count) => {
    const { user, communicationsId } = await given()
    const all = steps.remove({ id: user.id, communicationsId })
    await made(all, {}, count)
    await made(all, {})
    expect(await placesOf(user)).toEqual([])
  })
})

describe('a password of which a digest is kept', () => {
  const digests = { probe: 'a hash' }
  const plain = () => ({ value: `correct horse ${randomUUID()}`, temporary: false })

  it('is marked once it is set, by whoever sets it', async () => {
    const before = await given()
    const update = { before, after: before, setsPassword: false, digests }
    const hashed = await credentials.hash(password, 'another')
    const byHash = await made(steps.update({ ...update, password: hashed }), {})
    expect(byHash.passwordMark).toBe(await credentials.lastSet(before.user.id))
    const byRealm = await made(steps.update({ ...update, setsPassword: true }, { password: plain() }), {})
    expect(byRealm.passwordMark).toBe(await credentials.lastSet(before.user.id))
    expect(byRealm.passwordMark).not.toBe(byHash.passwordMark)
  })

  it('is marked when its user is made', async () => {
    const user = newUser()
    const payload = { ...stepsOf(user), digests }
    const own = steps.create(payload, { hashed: await credentials.hash(password, 'first') })
    expect((await made(own, {})).passwordMark).toBe(await credentials.lastSet(user.id))
    const settling = steps.create(payload)
    expect(settling.map(({ name }) => name)).toEqual(own.map(({ name }) => name))
    expect(settling.map((step) => step.undo !== undefined)).toEqual([true, true, true])
  })

  it('is not marked by somebody who only finds it set: another may be there by then', async () => {
    const before = await given()
    const payload = { before, after: before, setsPassword: true, digests }
    const [own, settling] = [steps.update(payload, { password: plain() }), steps.update(payload)]
    expect(settling.map(({ name }) => name)).toEqual(own.map(({ name }) => name))
    const state = await made(own, {}, 1)
    await credentials.setPassword(before.user.id, plain())
    expect((await made(settling, state)).passwordMark).toBeUndefined()
  })

  it('is not asked about where none is kept', () => {
    const none = [undefined, {}].map((kept) => steps.create({ ...stepsOf(newUser()), digests: kept }).length)
    expect(none).toEqual([2, 2])
  })
})
