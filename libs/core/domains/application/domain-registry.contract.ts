import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Domain, DomainSettings } from '../domain/domain.ts'
import { type DomainName, domainName } from '../domain/domain-name.ts'
import type { DomainRegistry } from './domain-registry.ts'

export interface DomainRegistryBench {
  readonly registry: DomainRegistry
  /** A domain that is there, to lie below. */
  readonly root: DomainName
  /** The record of a domain as wac-core keeps it. */
  record(id: string): Promise<Readonly<Record<string, unknown>>>
  /** What somebody else changes of the record at wac-core. */
  alter(id: string, fields: Readonly<Record<string, unknown>>): Promise<void>
}

const missing = 'ffffffffffffffffffffffff'

export function newDomainName(prefix = 'domain'): DomainName {
  const name = domainName(`${prefix}-${randomUUID()}.example`)
  if (name === undefined) throw new Error('no name')
  return name
}

/** Of a domain that no other test has, and that nothing is above. */
export function newDomainSettings(fields: Partial<DomainSettings> = {}): DomainSettings {
  return {
    name: newDomainName(),
    parent: undefined,
    enableAnonymous: false,
    anonymousCapabilities: [],
    origins: [],
    remoteSipRegister: false,
    services: {},
    ...fields,
  }
}

export function domainRegistryContract(name: string, setUp: () => Promise<DomainRegistryBench>): void {
  describe(`${name}: domain registry`, () => {
    let bench: DomainRegistryBench
    let registry: DomainRegistry
    beforeAll(async () => {
      bench = await setUp()
      registry = bench.registry
    })

    function settings(fields: Partial<DomainSettings> = {}): DomainSettings {
      return newDomainSettings({ parent: bench.root, origins: ['/.*/'], ...fields })
    }

    async function given(fields: Partial<DomainSettings> = {}): Promise<Domain> {
      const domain = settings(fields)
      return { ...domain, id: await registry.create(domain) }
    }

    it('gives a domain an id and keeps all of it', async () => {
      const domain = await given({
        enableAnonymous: true,
        anonymousCapabilities: ['call', 'chat'],
        origins: ['https://example.com', '/^https:.*é$/'],
        remoteSipRegister: true,
        services: { contacts: ['wac', 'static'], callcontrol: [], oauth2client: ['"quoted" \\ %_'] },
      })
      expect(domain.id).toMatch(/^[0-9a-f]{24}$/)
      expect(await registry.find(domain.id)).toEqual(domain)
      expect(await registry.list()).toContainEqual(domain)
    })

    it('refuses a name in use', async () => {
      const { name: taken } = await given()
      await expect(registry.create(settings({ name: taken }))).rejects.toMatchObject({ code: 'domain.name_taken' })
    })

    it('lets exactly one of eight that race for a name have it', async () => {
      const raced = newDomainName('raced')
      const outcomes = await Promise.allSettled(
        Array.from({ length: 8 }, () => registry.create(settings({ name: raced }))),
      )
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      for (const outcome of outcomes) {
        if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'domain.name_taken' })
      }
      expect((await registry.list()).filter((domain) => domain.name === raced)).toHaveLength(1)
    })

    it('finds no domain that is not there', async () => {
      expect(await registry.find(missing)).toBeUndefined()
      expect((await registry.list()).map(({ id }) => id)).not.toContain(missing)
    })

    it('replaces what kitter knows and gives back how it was', async () => {
      const before = await given({ services: { contacts: ['wac'], forms: ['a'] }, anonymousCapabilities: ['call'] })
      const parent = (await given()).name
      const after: Domain = {
        ...settings({ parent, origins: [], enableAnonymous: true, remoteSipRegister: true, services: { forms: [] } }),
        id: before.id,
      }
      expect(await registry.replace(after)).toEqual(before)
      expect(await registry.find(before.id)).toEqual(after)
      expect(await registry.replace(before)).toEqual(after)
      expect(await registry.find(before.id)).toEqual(before)
    })

    it('keeps what kitter does not know', async () => {
      const domain = await given({ services: { contacts: ['wac'] } })
      await bench.alter(domain.id, { anonymousExpiration: 3600 })
      await registry.replace({ ...domain, origins: ['https://example.com'], services: {} })
      expect(await bench.record(domain.id)).toMatchObject({
        anonymousExpiration: 3600,
        origins: ['https://example.com'],
      })
    })

    it('refuses to rename to a name in use, and leaves the domain as it was', async () => {
      const [domain, other] = [await given(), await given()]
      const renaming = registry.replace({ ...domain, name: other.name, enableAnonymous: true })
      await expect(renaming).rejects.toMatchObject({ code: 'domain.name_taken' })
      expect(await registry.find(domain.id)).toEqual(domain)
    })

    it('frees a name that is replaced', async () => {
      const domain = await given()
      await registry.replace({ ...domain, name: newDomainName('renamed') })
      await given({ name: domain.name })
    })

    it('removes a domain and frees its name', async () => {
      const domain = await given()
      await registry.remove(domain.id)
      expect(await registry.find(domain.id)).toBeUndefined()
      await given({ name: domain.name })
    })

    it('refuses to change or remove a domain that is not there', async () => {
      await expect(registry.replace({ ...settings(), id: missing })).rejects.toMatchObject({ code: 'domain.unknown' })
      await expect(registry.remove(missing)).rejects.toMatchObject({ code: 'domain.unknown' })
    })
  })
}
