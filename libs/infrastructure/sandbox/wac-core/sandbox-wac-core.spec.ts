import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DomainName, DomainRegistry, type DomainSettings } from '#core/domains'
import { type CommunicationsUser, CommunicationsUsers, userName } from '#core/users'
import { ownerUriOf } from '#infrastructure/wac-core'
import {
  type DomainRegistryBench,
  domainRegistryContract,
  newDomainName,
  newDomainSettings,
} from '../../../core/domains/application/domain-registry.contract.ts'
import { communicationsUsersContract } from '../../../core/users/application/communications-users.contract.ts'
import { TestSandbox } from '../test-sandbox.fixture.ts'
import { WacDomainsStore } from './wac-domains.store.ts'
import { WacSipMappingsStore } from './wac-sip-mappings.store.ts'
import { WacUsersStore } from './wac-users.store.ts'

let sandbox: TestSandbox
let root: DomainName
beforeAll(async () => {
  sandbox = await TestSandbox.start()
  root = (await newDomain({ parent: undefined })).name
})
afterAll(() => sandbox[Symbol.asyncDispose]())

async function newDomain(fields: Partial<DomainSettings> = {}): Promise<DomainSettings & { readonly id: string }> {
  const settings = newDomainSettings({ parent: root, ...fields })
  return { ...settings, id: await sandbox.get(DomainRegistry).create(settings) }
}

async function newUser(domain: DomainName): Promise<CommunicationsUser & { readonly id: string }> {
  const username = userName(`user-${crypto.randomUUID()}`)
  if (username === undefined) throw new Error('no name')
  const user = { externalId: crypto.randomUUID(), domain, username }
  return { ...user, id: await sandbox.get(CommunicationsUsers).create(user) }
}

const registryBench = (): DomainRegistryBench => ({
  registry: sandbox.get(DomainRegistry),
  root,
  record: async (id) => ({ ...(await sandbox.get(WacDomainsStore).find(id)) }),
  alter: async (id, fields) => {
    await sandbox.get(WacDomainsStore).change(id, (before) => ({ ...before, ...fields }))
  },
})

domainRegistryContract('The sandbox', () => Promise.resolve(registryBench()))

communicationsUsersContract('The sandbox', async () => ({
  users: sandbox.get(CommunicationsUsers),
  domains: [(await newDomain()).name, (await newDomain()).name, (await newDomain()).name],
  record: async (id) => ({ ...(await sandbox.get(WacUsersStore).find(id)) }),
  alter: async (id, fields) => {
    await sandbox.get(WacUsersStore).change(id, (before) => ({ ...before, ...fields }))
  },
  sipUserNamesOf: async (id) =>
    (await sandbox.get(WacSipMappingsStore).list(ownerUriOf(id))).map(({ credential }) => credential.username),
}))

describe('The sandbox of wac-core', () => {
  it('shows records in its own shape', async () => {
    const domain = await newDomain({ origins: ['/.*/'], services: { contacts: ['wac', 'static'] } })
    expect(await sandbox.get(WacDomainsStore).find(domain.id)).toEqual({
      id: domain.id,
      parent: root,
      domain: domain.name,
      origins: ['/.*/'],
      enableAnonymous: false,
      anonymousExpiration: 0,
      anonymousCapabilities: [],
      services: { contacts: ['wac', 'static'] },
      remoteSipRegister: false,
    })
    const { id, externalId, username } = await newUser(domain.name)
    expect(await sandbox.get(WacUsersStore).find(id)).toEqual({
      id,
      externalId,
      domain: domain.name,
      username,
      role: 'user',
      capabilities: [],
      mobilePhone: [],
    })
  })

  it('says of the root that nothing is above it', async () => {
    const domains = await sandbox.get(WacDomainsStore).list()
    expect(domains.find(({ domain }) => domain === root)?.parent).toBeNull()
    expect((await sandbox.get(DomainRegistry).list()).find(({ name }) => name === root)?.parent).toBeUndefined()
  })

  it('keeps services that kitter does not know, and does not show them', async () => {
    const domain = await newDomain({ services: { contacts: ['wac'] } })
    const store = sandbox.get(WacDomainsStore)
    await store.change(domain.id, (before) => ({ ...before, services: { ...before.services, telepathy: ['x'] } }))
    const before = await sandbox.get(DomainRegistry).replace({ ...domain, services: { forms: ['a'] } })
    expect(before.services).toEqual({ contacts: ['wac'] })
    expect((await store.find(domain.id))?.services).toEqual({ telepathy: ['x'], forms: ['a'] })
    expect((await sandbox.get(DomainRegistry).find(domain.id))?.services).toEqual({ forms: ['a'] })
  })

  it('loses no part of changes that come at once', async () => {
    const [domain, user] = [await newDomain(), await newUser(root)]
    const keys = Array.from({ length: 8 }, (_, index) => `key${index}`)
    const [domains, users] = [sandbox.get(WacDomainsStore), sandbox.get(WacUsersStore)]
    await Promise.all([
      ...keys.map((key) =>
        domains.change(domain.id, (before) => ({ ...before, services: { ...before.services, [key]: [] } })),
      ),
      ...keys.map((key) =>
        users.change(user.id, (before) => ({ ...before, capabilities: [...before.capabilities, key] })),
      ),
    ])
    expect(Object.keys((await domains.find(domain.id))?.services ?? {}).sort()).toEqual(keys)
    expect((await users.find(user.id))?.capabilities.toSorted()).toEqual(keys)
  })

  it('keeps a domain that users are in from going and from another name', async () => {
    const domain = await newDomain()
    const { id } = await newUser(domain.name)
    const registry = sandbox.get(DomainRegistry)
    await expect(registry.remove(domain.id)).rejects.toMatchObject({ code: 'domain.not_empty' })
    await expect(registry.replace({ ...domain, name: newDomainName() })).rejects.toMatchObject({
      code: 'domain.not_empty',
    })
    await sandbox.get(CommunicationsUsers).remove(id)
    await registry.remove(domain.id)
  })

  it('takes an empty domain for the root', async () => {
    const username = `user-${crypto.randomUUID()}`
    const body = { domain: '', username, role: 'user', capabilities: [], mobilePhone: [] }
    expect((await sandbox.get(WacUsersStore).add(body)).domain).toBe(root)
  })

  it('finds users by domain and username', async () => {
    const [one, other] = [(await newDomain()).name, (await newDomain()).name]
    const users = [await newUser(one), await newUser(one), await newUser(other)] as const
    const store = sandbox.get(WacUsersStore)
    const idsOf = async (filter: Parameters<typeof store.list>[0]) =>
      (await store.list(filter)).map(({ id }) => id).sort()
    expect(await idsOf({ domain: one })).toEqual([users[0].id, users[1].id].sort())
    expect(await idsOf({ domain: one, username: users[1].username })).toEqual([users[1].id])
    expect(await idsOf({ domain: other, username: users[1].username })).toEqual([])
    expect(await idsOf({})).toEqual(expect.arrayContaining(users.map(({ id }) => id)))
  })

  it('makes the SIP username of a user that goes available again', async () => {
    const { id } = await newUser(root)
    const username = `sip-${crypto.randomUUID()}`
    const pool = sandbox.get(WacSipMappingsStore)
    await sandbox.get(CommunicationsUsers).map(id, { username, password: 'secret' })
    expect(await pool.available()).not.toContain(username)
    await sandbox.get(CommunicationsUsers).remove(id)
    expect(await pool.available()).toContain(username)
    await sandbox.get(CommunicationsUsers).map((await newUser(root)).id, { username, password: 'secret' })
    expect(await pool.available()).not.toContain(username)
  })

  it('makes a SIP username that is taken back available again', async () => {
    const username = `sip-${crypto.randomUUID()}`
    const users = sandbox.get(CommunicationsUsers)
    await users.unmap(await users.map((await newUser(root)).id, { username, password: 'secret' }))
    expect(await sandbox.get(WacSipMappingsStore).available()).toContain(username)
  })

  it('keeps no SIP password', async () => {
    const { id } = await newUser(root)
    await sandbox.get(CommunicationsUsers).map(id, { username: `sip-${id}`, password: 'very secret' })
    const [mapping] = await sandbox.get(WacSipMappingsStore).list(ownerUriOf(id))
    expect(mapping).toMatchObject({ ownerUri: `wac-user:${id}`, credential: { username: `sip-${id}`, password: '' } })
    const rows = await sandbox.rows('SELECT * FROM sandbox.wac_sip_mappings WHERE owner_id = $1', id)
    expect(JSON.stringify(rows)).not.toContain('secret')
  })
})
