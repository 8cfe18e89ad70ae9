import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { parseDomainName } from '#core/domains'
import type { SignInDigestRecords } from './sign-in-digest-records.ts'
import type { UserExtensionsBench } from './user-extensions.contract.ts'
import { newUserRecord } from './user-records.contract.ts'
import type { UserRecord } from './user-records.ts'

export type SignInDigestsBench = Omit<UserExtensionsBench, 'extensions'> & { readonly digests: SignInDigestRecords }

export function signInDigestRecordsContract(name: string, setUp: () => Promise<SignInDigestsBench>): void {
  describe(`${name}: sign-in digests`, () => {
    const [domain, elsewhere] = ['home', 'elsewhere'].map((place) => parseDomainName(`${place}.${randomUUID()}`))
    let bench: SignInDigestsBench
    beforeAll(async () => {
      bench = await setUp()
      for (const place of [domain, elsewhere]) if (place !== undefined) await bench.addDomain(place)
    })

    async function given(): Promise<{ readonly record: UserRecord; readonly hash: string }> {
      if (domain === undefined) throw new Error('no domain')
      const [record, hash] = [newUserRecord({ domain }), randomUUID()]
      await bench.transaction(async (within) => {
        await bench.records.add(record, within)
        await bench.digests.replace(record.user.id, { one: hash, two: `${hash}-two` }, 'first', within)
      })
      return { record, hash }
    }

    const replaced = (record: UserRecord, fields: object): Promise<void> =>
      bench.transaction((within) => bench.records.replace({ ...record, user: { ...record.user, ...fields } }, within))

    it('finds whose a hash is, under its name only', async () => {
      const { record, hash } = await given()
      const found = { userId: record.user.id, passwordMark: 'first' }
      expect(await bench.digests.find('one', hash)).toEqual(found)
      expect(await bench.digests.find('two', `${hash}-two`)).toEqual(found)
      expect(await bench.digests.find('two', hash)).toBeUndefined()
      expect(await bench.digests.find('one', randomUUID())).toBeUndefined()
      expect(await bench.digests.of('two', record.user.id)).toEqual(found)
      expect(await bench.digests.of('three', record.user.id)).toBeUndefined()
      expect(await bench.digests.of('one', randomUUID())).toBeUndefined()
    })

    it('has none of those before, once there are others or none', async () => {
      const { record, hash } = await given()
      const { id } = record.user
      await bench.transaction((within) => bench.digests.replace(id, { one: `${hash}-new` }, 'second', within))
      expect(await bench.digests.find('one', hash)).toBeUndefined()
      expect(await bench.digests.find('two', `${hash}-two`)).toBeUndefined()
      expect(await bench.digests.find('one', `${hash}-new`)).toEqual({ userId: id, passwordMark: 'second' })
      await bench.transaction((within) => bench.digests.remove(id, within))
      expect(await bench.digests.find('one', `${hash}-new`)).toBeUndefined()
    })

    it('forgets them when the user gets another name or domain, whoever gives it, and with nothing else', async () => {
      const [same, renamed, moved] = [await given(), await given(), await given()]
      await replaced(same.record, { firstName: 'New', enabled: false, attributes: { a: ['b'] } })
      await replaced(renamed.record, { username: `renamed-${renamed.record.user.id}` })
      await replaced(moved.record, { domain: elsewhere })
      expect(await bench.digests.find('one', same.hash)).toBeDefined()
      expect(await bench.digests.find('one', renamed.hash)).toBeUndefined()
      expect(await bench.digests.find('one', moved.hash)).toBeUndefined()
    })

    it('has none of a user that is gone', async () => {
      const { record, hash } = await given()
      await bench.transaction((within) => bench.records.remove(record.user.id, within))
      expect(await bench.digests.find('one', hash)).toBeUndefined()
    })
  })
}
