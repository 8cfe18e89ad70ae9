import { beforeAll, describe, expect, it } from 'vitest'
import type { DigestHashing } from './digest-hashing.ts'

export interface DigestHashingBench {
  /** Of one installation: another one with each call. */
  installation(): Promise<{ readonly one: DigestHashing; readonly replica: DigestHashing }>
}

export function digestHashingContract(name: string, setUp: () => Promise<DigestHashingBench>): void {
  describe(`${name}: hashing of digests`, () => {
    const place = { name: 'a', domain: 'example.com' }
    let bench: DigestHashingBench
    beforeAll(async () => {
      bench = await setUp()
    })

    it('makes the same of the same in the same place, on every replica', async () => {
      const { one, replica } = await bench.installation()
      const hash = await one.hash('digest', place, 'new')
      expect(await one.hash('digest', place, 'tried')).toBe(hash)
      expect(await replica.hash('digest', place, 'new')).toBe(hash)
      expect(hash).toMatch(/^\$argon2id\$v=19\$m=7168,t=5,p=1\$/)
    })

    it('makes something else of anything else', async () => {
      const { one } = await bench.installation()
      const hashes = await Promise.all([
        one.hash('digest', place, 'new'),
        one.hash('digest ', place, 'new'),
        one.hash('digest', { ...place, name: 'b' }, 'new'),
        one.hash('digest', { ...place, domain: 'example.org' }, 'new'),
        (await bench.installation()).one.hash('digest', place, 'new'),
      ])
      expect(new Set(hashes).size).toBe(hashes.length)
    })
  })
}
