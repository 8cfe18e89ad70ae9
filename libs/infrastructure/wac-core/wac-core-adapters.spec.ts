import { NestFactory } from '@nestjs/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DomainName, DomainRegistry, type DomainSettings } from '#core/domains'
import { type CommunicationsUser, CommunicationsUsers, userName } from '#core/users'
import { startTestWacCore, type TestWacCore } from '../../../test/support/wac-core.ts'
import {
  domainRegistryContract,
  newDomainName,
  newDomainSettings,
} from '../../core/domains/application/domain-registry.contract.ts'
import { communicationsUsersContract } from '../../core/users/application/communications-users.contract.ts'
import { WacCore } from './wac-core.ts'
import { WacCoreModule } from './wac-core.module.ts'
import { ownerUriOf } from './wac-sip-mapping.ts'

let server: TestWacCore
let wacCore: WacCore
let registry: DomainRegistry
let users: CommunicationsUsers
let root: DomainName

beforeAll(async () => {
  server = await startTestWacCore()
  wacCore = new WacCore({ url: `${server.url}/`, token: server.token })
  const app = await NestFactory.createApplicationContext(WacCoreModule.over(wacCore), { logger: false })
  registry = app.get(DomainRegistry)
  users = app.get(CommunicationsUsers)
  root = (await newDomain({ parent: undefined })).name
})
afterAll(async () => {
  wacCore.close()
  await server.stop()
})

async function newDomain(fields: Partial<DomainSettings> = {}): Promise<DomainSettings & { readonly id: string }> {
  const settings = newDomainSettings({ parent: root, ...fields })
  return { ...settings, id: await registry.create(settings) }
}

function newUser(fields: Partial<CommunicationsUser> = {}): CommunicationsUser {
  const username = userName(`user-${crypto.randomUUID()}`)!
  return { externalId: crypto.randomUUID(), domain: root, username, ...fields }
}

async function alter(path: string, fields: Readonly<Record<string, unknown>>): Promise<void> {
  await server.call('PUT', path, { ...(await server.call('GET', path)), ...fields })
}

domainRegistryContract('wac-core over HTTP', () =>
  Promise.resolve({
    registry,
    root,
    record: (id) => server.call('GET', `domains/${id}`),
    alter: (id, fields) => alter(`domains/${id}`, fields),
  }),
)

communicationsUsersContract('wac-core over HTTP', async () => ({
  users,
  domains: [(await newDomain()).name, (await newDomain()).name, (await newDomain()).name],
  record: (id) => server.call('GET', `users/${id}`),
  alter: (id, fields) => alter(`users/${id}`, fields),
  sipUserNamesOf: async (id) => {
    const mappings: { credential: { username: string } }[] = await server.call(
      'GET',
      `sipMappings?ownerUri=${ownerUriOf(id)}`,
    )
    return mappings.map(({ credential }) => credential.username)
  },
}))

describe('Of what wac-core holds, kitter', () => {
  it('sends back all that it read, also what it does not know', async () => {
    const domain = await newDomain({ services: { contacts: ['wac'] } })
    const services = { contacts: ['wac'], telepathy: ['x'] }
    await alter(`domains/${domain.id}`, { services, foreign: { deep: [1, null] } })
    const before = await registry.replace({ ...domain, services: { forms: ['a'] } })
    expect(before.services).toEqual({ contacts: ['wac'] })
    expect(await server.call('GET', `domains/${domain.id}`)).toEqual({
      id: domain.id,
      domain: domain.name,
      parent: root,
      enableAnonymous: false,
      anonymousExpiration: 0,
      anonymousCapabilities: [],
      origins: [],
      remoteSipRegister: false,
      services: { telepathy: ['x'], forms: ['a'] },
      foreign: { deep: [1, null] },
    })

    const user = newUser({ displayName: 'Before' })
    const id = await users.create(user)
    await alter(`users/${id}`, { foreign: { deep: [1, null] }, locale: 'es-ES' })
    await users.replace(id, { ...user, displayName: undefined })
    expect(await server.call('GET', `users/${id}`)).toEqual({
      id,
      externalId: user.externalId,
      domain: root,
      username: user.username,
      role: 'user',
      capabilities: [],
      mobilePhone: [],
      locale: 'es-ES',
      foreign: { deep: [1, null] },
    })
  })

  it('keeps a domain with users from going and from another name', async () => {
    const domain = await newDomain()
    await users.create(newUser({ domain: domain.name }))
    await expect(registry.remove(domain.id)).rejects.toMatchObject({ code: 'domain.not_empty' })
    const renaming = registry.replace({ ...domain, name: newDomainName() })
    await expect(renaming).rejects.toMatchObject({ code: 'domain.not_empty' })
  })

  it('leaves domains out of lists whose names it can not use', async () => {
    const domain = await newDomain()
    const { id } = await server.call('POST', 'domains', { domain: 'made by hand!', parent: root })
    expect((await registry.list()).map((listed) => listed.id)).toContain(domain.id)
    expect((await registry.list()).map((listed) => listed.id)).not.toContain(id)
    await expect(registry.find(id)).rejects.toMatchObject({
      code: 'system.refused',
      cause: { message: 'wac-core has a domain whose name kitter can\'t use: "made by hand!"' },
    })
    await server.call('DELETE', `domains/${id}`)
  })

  it('finds nothing under what is no id', async () => {
    for (const id of ['nonsense', '../users', 'a b', '?x=1', '%00'])
      expect([await users.find(id), await registry.find(id)]).toEqual([undefined, undefined])
  })
})
