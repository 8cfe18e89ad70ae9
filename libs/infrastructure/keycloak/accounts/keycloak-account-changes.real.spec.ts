import { randomUUID } from 'node:crypto'
import { Logger } from '@nestjs/common'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { describeWith } from '../../../../test/support/real.ts'
import { RealRealm } from '../../../../test/support/real-realm.ts'
import { accountChangesContract } from '../../../core/users/application/account-changes.contract.ts'
import { newAccount } from '../../../core/users/application/identity-directory.contract.ts'
import { type Adapters, adaptersOf } from '../test-adapters.fixture.ts'

describeWith('keycloak', 'What others change of accounts in Keycloak', () => {
  let real: RealRealm
  let adapters: Adapters
  beforeAll(async () => {
    real = await RealRealm.create()
    adapters = adaptersOf(real)
  })
  afterAll(() => real[Symbol.asyncDispose]())

  accountChangesContract('Keycloak', () => Promise.resolve(adapters))

  async function begun(): Promise<string> {
    return (await adapters.changes.since(undefined, 100)).position
  }

  async function told(position: string, most = 100): Promise<string[][]> {
    const parts: string[][] = []
    for (let at = position; ;) {
      const { ids, position: next } = await adapters.changes.since(at, most)
      if (ids.length === 0) return parts
      parts.push([...ids])
      at = next
    }
  }

  /** By an administrator. */
  async function imported(count: number): Promise<string[]> {
    const ids = Array.from({ length: count }, () => randomUUID())
    const users = ids.map((id) => ({ id, username: `imported-${id}`, enabled: true }))
    await real.admin.realms.partialImport({ realm: real.realm, rep: { ifResourceExists: 'FAIL', users } })
    return ids
  }

  describe('In its console', () => {
    it('is told once, whatever was done to an account', async () => {
      const account = newAccount()
      await adapters.directory.create(account)
      const changes: (() => Promise<unknown>)[] = [
        () => real.admin.users.update({ id: account.id }, { firstName: 'Console' }),
        () => real.admin.users.del({ id: account.id }),
      ]
      for (const change of changes) {
        const position = await begun()
        await change()
        expect(await told(position)).toEqual([[account.id]])
      }
      const position = await begun()
      const { id } = await real.admin.users.create({ username: `made-${randomUUID()}` })
      const [imports] = await imported(1)
      expect((await told(position)).flat().toSorted()).toEqual([id, imports].toSorted())
    })

    it('what is done to sessions, passwords and other things is not told', async () => {
      const account = newAccount()
      await adapters.directory.create(account)
      const position = await begun()
      await real.admin.users.logout({ id: account.id })
      await real.admin.users.resetPassword({ id: account.id, credential: { type: 'password', value: 'correct horse' } })
      await real.admin.groups.create({ name: `group-${randomUUID()}` })
      await real.admin.users.updateProfile(await real.admin.users.getProfile())
      expect(await told(position)).toEqual([])
    })

    it('is told of all, some at a time, where many were imported in one moment', async () => {
      const position = await begun()
      const ids = await imported(64)
      const parts = await told(position, 10)
      for (const part of parts) expect(part.length).toBeLessThanOrEqual(10)
      expect(parts.flat().toSorted()).toEqual(ids.toSorted())
    })

    it('is told to whoever goes on from a position, beside what kitter does meanwhile', async () => {
      const position = await begun()
      const own = Array.from({ length: 20 }, () => newAccount())
      const [ids] = await Promise.all([imported(8), ...own.map((account) => adapters.directory.create(account))])
      const other = adaptersOf(real)
      const first = await adapters.changes.since(position, 3)
      const second = await other.changes.since(first.position, 100)
      expect([...first.ids, ...second.ids].toSorted()).toEqual(ids.toSorted())
      expect((await other.changes.since(second.position, 100)).ids).toEqual([])
    })
  })

  describe('A user', () => {
    it('who changes the own profile is told of, and one who only logs in is not', async () => {
      const account = newAccount({ firstName: 'Before', lastName: 'Doe', email: `${randomUUID()}@example.com` })
      const password = 'correct horse'
      await adapters.directory.create(
        account,
        await adapters.credentials.hash({ value: password, temporary: false }, 'first'),
      )
      const position = await begun()
      const { access_token: token = '' } = await real.logIn(account.loginName, password)
      expect(await told(position)).toEqual([])
      const headers = {
        authorization: `Bearer ${token}`,
        accept: 'application/json',
        'content-type': 'application/json',
      }
      const profile = (await (await fetch(`${real.issuer}/account`, { headers })).json()) as object
      const body = JSON.stringify({ ...profile, firstName: 'After' })
      const response = await fetch(`${real.issuer}/account`, { method: 'POST', headers, body })
      expect([response.status, await response.text()]).toEqual([204, ''])
      expect(await told(position)).toEqual([[account.id]])
    })
  })

  describe('Where nothing can be told', () => {
    let warnings: unknown[] = []
    const listen = (): void => {
      warnings = []
      Logger.overrideLogger({
        log: () => undefined,
        error: () => undefined,
        warn: (line: unknown) => warnings.push(line),
      })
    }
    afterEach(() => Logger.overrideLogger(false))

    it('because the realm records no events, it says so once, and tells what comes when it does again', async () => {
      const { realm, admin } = real
      await admin.realms.update({ realm }, { adminEventsEnabled: false })
      listen()
      const fresh = adaptersOf(real)
      try {
        const { position } = await fresh.changes.since(undefined, 100)
        await imported(1)
        for (let poll = 0; poll < 3; poll++) expect((await fresh.changes.since(position, 100)).ids).toEqual([])
        expect(warnings).toEqual([expect.stringContaining('does not record events')])
        await admin.realms.update({ realm }, { adminEventsEnabled: true })
        const ids = await imported(2)
        expect((await fresh.changes.since(position, 100)).ids.toSorted()).toEqual(ids.toSorted())
      } finally {
        await admin.realms.update({ realm }, { adminEventsEnabled: true })
      }
    })

    it('because kitter may not see the events, it says so once, and goes on when it may', async () => {
      const { admin } = real
      const [client] = await admin.clients.find({ clientId: real.clientId })
      const [management] = await admin.clients.find({ clientId: 'realm-management' })
      const { id = '' } = await admin.clients.getServiceAccountUser({ id: client?.id ?? '' })
      const role = await admin.clients.findRole({ id: management?.id ?? '', roleName: 'view-events' })
      const mapping = {
        id,
        clientUniqueId: management?.id ?? '',
        roles: [{ id: role?.id ?? '', name: 'view-events' }],
      }
      const position = await begun()
      await admin.users.delClientRoleMappings(mapping)
      try {
        listen()
        const fresh = adaptersOf(real)
        await imported(1)
        for (const from of [undefined, position, position]) {
          const { ids, position: reached } = await fresh.changes.since(from, 100)
          expect(ids).toEqual([])
          expect(reached).toEqual(from ?? '{}')
        }
        expect(warnings).toEqual([expect.stringContaining('lacks the right view-events')])
      } finally {
        await admin.users.addClientRoleMappings(mapping)
      }
      const [ids, parts] = [await imported(1), await told(position)]
      expect(parts.flat()).toEqual(expect.arrayContaining(ids))
    })
  })
})
