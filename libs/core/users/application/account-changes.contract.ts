import { beforeAll, describe, expect, it } from 'vitest'
import type { AccountChanges } from './account-changes.ts'
import { newAccount } from './identity-directory.contract.ts'
import type { IdentityDirectory } from './identity-directory.ts'

export interface AccountChangesBench {
  readonly changes: AccountChanges
  /** By which kitter changes accounts. */
  readonly directory: IdentityDirectory
}

export function accountChangesContract(name: string, setUp: () => Promise<AccountChangesBench>): void {
  describe(`${name}: changes of accounts by others`, () => {
    let bench: AccountChangesBench
    beforeAll(async () => {
      bench = await setUp()
    })

    it('begin now, and hold nothing of what kitter does itself', async () => {
      const { changes, directory } = bench
      const account = newAccount()
      await directory.create(account)
      const begun = await changes.since(undefined, 100)
      expect(begun.ids).toEqual([])
      const other = newAccount()
      await directory.create(other)
      await directory.update(other.id, { firstName: 'After', attributes: { more: ['1'] } })
      await directory.remove(account.id)
      const told = await changes.since(begun.position, 100)
      expect(told.ids).toEqual([])
      expect((await changes.since(told.position, 100)).ids).toEqual([])
    })

    it('have a position in JSON, and begin now at one that makes no sense', async () => {
      const { position } = await bench.changes.since(undefined, 100)
      expect(() => void JSON.parse(position)).not.toThrow()
      expect((await bench.changes.since('{"nonsense":true}', 100)).ids).toEqual([])
      expect((await bench.changes.since('nonsense', 100)).ids).toEqual([])
    })
  })
}
