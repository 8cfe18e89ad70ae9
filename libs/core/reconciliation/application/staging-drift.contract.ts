import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import type { DomainName } from '#core/domains'
import { comparable } from '../domain/comparable.ts'
import { userDrift } from '../domain/user-drift.ts'
import type { StagingBench } from './staging.contract.ts'
import { sidesIn, subjectsOf, within, type World, worldDomains, worlds } from './staging-world.fixture.ts'
import type { Suspect } from './staging.ts'

const worldsTried = 100
const patience = 120_000

/** Whoever `userDrift` finds different must be suspected, or nobody ever looks; whoever else is costs a look in vain. */
export function stagingDriftContract(name: string, setUp: () => Promise<StagingBench>): void {
  describe(`${name}: staging, of any users`, () => {
    let bench: StagingBench
    beforeAll(async () => {
      bench = await setUp()
    })

    async function suspectsIn(world: World, domain?: DomainName): Promise<readonly Suspect[]> {
      await bench.clear()
      for (const each of worldDomains) await bench.addDomain(each)
      await bench.transaction(async (transaction) => {
        for (const record of world.records) await bench.records.add(record, transaction)
      })
      const { staging } = bench
      const reconciliation = await bench.reconciliation()
      const staged = domain === undefined ? world : within(domain, world)
      await staging.addAccounts(reconciliation, staged.accounts.map(comparable))
      await staging.addCommunicationsUsers(reconciliation, staged.communications)
      const count = await staging.compare(reconciliation, domain)
      const suspects = await staging.suspects(reconciliation, 0, 0, 1000)
      expect(count).toBe(suspects.length)
      return suspects
    }

    const idsOf = (suspects: readonly Suspect[]): readonly string[] =>
      suspects.flatMap(({ userId }) => userId ?? []).toSorted()

    function differing(world: World): readonly string[] {
      const rules = { loginNames: world.loginNames, root: worldDomains[0]!, remove: true }
      return subjectsOf(world)
        .filter((id) => userDrift(sidesIn(world, id), rules) !== undefined)
        .toSorted()
    }

    it('suspects those who differ, and nobody else', { timeout: patience }, async () => {
      const seen = { same: 0, different: 0 }
      const property = fc.asyncProperty(worlds, async (world) => {
        const different = differing(world)
        expect(idsOf(await suspectsIn(world))).toEqual(different)
        seen.different += different.length
        seen.same += subjectsOf(world).length - different.length
      })
      await fc.assert(property, { numRuns: worldsTried })
      expect(Math.min(seen.same, seen.different)).toBeGreaterThan(worldsTried / 2)
    })

    it('suspects by its own id whatever wac-core has beside them', { timeout: patience }, async () => {
      const property = fc.asyncProperty(worlds, async (world) => {
        const suspects = await suspectsIn(world)
        const nameless = suspects.flatMap(({ userId, communicationsId = '' }) =>
          userId === undefined ? [communicationsId] : [],
        )
        const sides = subjectsOf(world).map((id) => sidesIn(world, id))
        for (const { id } of world.communications) {
          const owners = sides.filter(({ communications }) => communications?.id === id).map((owner) => owner.id)
          if (owners.length === 0) expect(nameless).toContain(id)
          // in vain, for it's told of the one whom it's remembered or linked with, who is suspected, too
          if (nameless.includes(id)) expect(idsOf(suspects)).toEqual(expect.arrayContaining(owners))
        }
      })
      await fc.assert(property, { numRuns: worldsTried })
    })

    it('of one domain suspects those who differ and are there', { timeout: patience }, async () => {
      const property = fc.asyncProperty(worlds, fc.constantFrom(...worldDomains), async (world, domain) => {
        const isThere = (id: string): boolean => {
          const { account, record } = sidesIn(world, id)
          return record?.user.domain === domain || account?.attributes['domain']?.includes(domain) === true
        }
        const suspected = idsOf(await suspectsIn(world, domain))
        expect(suspected).toEqual(expect.arrayContaining(differing(world).filter(isThere)))
      })
      await fc.assert(property, { numRuns: worldsTried })
    })
  })
}
