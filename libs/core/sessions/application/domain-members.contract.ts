import { randomUUID } from 'node:crypto'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type DomainName, parseDomainName } from '#core/domains'
import type { DomainMembers } from './domain-members.ts'

export interface DomainMembersBench {
  readonly members: DomainMembers
  addDomain(name: DomainName, parent?: DomainName): Promise<void>
  /** Adds a user to a domain; its id. */
  addUser(domain: DomainName): Promise<string>
}

export function domainMembersContract(name: string, setUp: () => Promise<DomainMembersBench>): void {
  describe(`${name}: domain members`, () => {
    let bench: DomainMembersBench
    let members: DomainMembers
    let domain: DomainName
    let below: DomainName
    beforeAll(async () => {
      bench = await setUp()
      members = bench.members
    })
    beforeEach(async () => {
      domain = parseDomainName(`domain.${randomUUID()}`)
      below = parseDomainName(`below.${domain}`)
      await bench.addDomain(domain)
      await bench.addDomain(below, domain)
    })

    async function among(...ids: readonly string[]): Promise<string[]> {
      return [...(await members.among(domain, ids))].sort()
    }

    it('are those who live in the domain itself, above none and below none', async () => {
      const [one, two, deeper] = [await bench.addUser(domain), await bench.addUser(domain), await bench.addUser(below)]
      expect(await among(one, deeper, two)).toEqual([one, two].sort())
      expect(await members.among(below, [one, deeper, two])).toEqual([deeper])
    })

    it('are only those who were asked for', async () => {
      const [one, two] = [await bench.addUser(domain), await bench.addUser(domain)]
      expect(await among(two)).toEqual([two])
      expect(await among()).toEqual([])
      expect(await among(one, one, two, one)).toEqual([one, two].sort())
    })

    it('are nobody whom kitter does not know, whatever the id looks like', async () => {
      const one = await bench.addUser(domain)
      const strangers = [randomUUID(), '', 'service-account', '%', 'NULL', `{"${one}"}`, `${one}'`, `é🙂\\",`]
      expect(await among(...strangers, one)).toEqual([one])
    })

    it('are nobody in a domain that is not there', async () => {
      const one = await bench.addUser(domain)
      for (const other of [`no-${domain}`, domain.slice(0, -1), '%', ''])
        expect(await members.among(other, [one])).toEqual([])
    })

    it('are found among many', async () => {
      const one = await bench.addUser(domain)
      const many = Array.from({ length: 5000 }, () => randomUUID())
      expect(await among(...many.slice(0, 2500), one, ...many.slice(2500))).toEqual([one])
    })
  })
}
