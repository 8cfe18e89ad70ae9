import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Transaction } from '#kernel'
import { type DomainName, parseDomainName } from '#core/domains'
import type { UserExtensions } from './user-extensions.ts'
import { newUserRecord } from './user-records.contract.ts'
import type { UserRecord, UserRecords } from './user-records.ts'

export interface UserExtensionsBench {
  readonly extensions: UserExtensions
  readonly records: UserRecords
  /** A unit of work: what it writes is there when it ends, and isn't when it throws. */
  transaction<Result>(work: (within: Transaction) => Promise<Result>): Promise<Result>
  addDomain(name: DomainName): Promise<void>
}

export function userExtensionsContract(name: string, setUp: () => Promise<UserExtensionsBench>): void {
  describe(`${name}: user extensions`, () => {
    let bench: UserExtensionsBench
    let domain: DomainName
    beforeAll(async () => {
      bench = await setUp()
      domain = parseDomainName(`extended.${randomUUID()}`)
      await bench.addDomain(domain)
    })

    async function given(document?: Readonly<Record<string, unknown>>): Promise<UserRecord> {
      const record = newUserRecord({ domain })
      await bench.transaction(async (within) => {
        await bench.records.add(record, within)
        if (document !== undefined) await bench.extensions.put(record.user.id, { dialect: 'a', document }, within)
      })
      return record
    }

    it('keeps any JSON object as it is', async () => {
      const document = { text: 'é🎉\\u0000', '': null, nested: { list: [1, 2.5, { a: [] }] }, __proto: false, n: 1e300 }
      const { user } = await given(document)
      expect(await bench.extensions.find('a', user.id)).toEqual(document)
    })

    it('has one for each dialect, and none that was not put', async () => {
      const { user } = await given({ a: 1 })
      await bench.transaction((within) => bench.extensions.put(user.id, { dialect: 'b', document: {} }, within))
      expect(await bench.extensions.find('a', user.id)).toEqual({ a: 1 })
      expect(await bench.extensions.find('b', user.id)).toEqual({})
      expect(await bench.extensions.find('A', user.id)).toBeUndefined()
      expect(await bench.extensions.find('a', randomUUID())).toBeUndefined()
    })

    it('puts the whole document in the place of the one before', async () => {
      const { user } = await given({ a: 1, b: 2 })
      await bench.transaction((within) => bench.extensions.put(user.id, { dialect: 'a', document: { b: 3 } }, within))
      expect(await bench.extensions.find('a', user.id)).toEqual({ b: 3 })
    })

    it('puts nothing where the unit of work fails', async () => {
      const { user } = await given({ a: 1 })
      const failing = bench.transaction(async (within) => {
        await bench.extensions.put(user.id, { dialect: 'a', document: { a: 2 } }, within)
        throw new Error('it fails')
      })
      await expect(failing).rejects.toThrow('it fails')
      expect(await bench.extensions.find('a', user.id)).toEqual({ a: 1 })
    })

    it('stays with a user whose record is replaced, and goes with the record', async () => {
      const record = await given({ a: 1 })
      const renamed = newUserRecord({ ...record.user, username: `renamed-${record.user.id}` })
      await bench.transaction((within) => bench.records.replace(renamed, within))
      expect(await bench.extensions.find('a', record.user.id)).toEqual({ a: 1 })
      await bench.transaction((within) => bench.records.remove(record.user.id, within))
      expect(await bench.extensions.find('a', record.user.id)).toBeUndefined()
      await bench.transaction((within) => bench.records.add(record, within))
      expect(await bench.extensions.find('a', record.user.id)).toBeUndefined()
    })

    it('is nothing without a user', async () => {
      const put = bench.transaction((within) =>
        bench.extensions.put(randomUUID(), { dialect: 'a', document: {} }, within),
      )
      await expect(put).rejects.toThrow()
    })
  })
}
