import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { callerIdHtable, type SipProxy } from './sip-proxy.ts'

export interface SipProxyBench {
  readonly sipProxy: SipProxy
  /** Writes a row into the database table that the sip-proxy reads. */
  write(name: string, value: string): Promise<void>
  erase(name: string): Promise<void>
  /** What calls go by now. */
  dump(htable: string): Promise<ReadonlyMap<string, string>>
}

export function sipProxyContract(name: string, setUp: () => Promise<SipProxyBench>): void {
  describe(`${name}: sip-proxy`, () => {
    let bench: SipProxyBench
    beforeAll(async () => {
      bench = await setUp()
    })

    const values = (): Promise<ReadonlyMap<string, string>> => bench.dump(callerIdHtable)

    it('goes by what it read until it is told to reload', async () => {
      const entry = randomUUID()
      await bench.write(entry, '+34910000000')
      expect((await values()).has(entry)).toBe(false)
      await bench.sipProxy.reload(callerIdHtable)
      expect((await values()).get(entry)).toBe('+34910000000')
    })

    it('forgets what is no longer in the table, and takes what is new there', async () => {
      const [gone, changed, kept] = [randomUUID(), randomUUID(), randomUUID()]
      for (const entry of [gone, changed, kept]) await bench.write(entry, 'before')
      await bench.sipProxy.reload(callerIdHtable)
      await bench.erase(gone)
      await bench.erase(changed)
      await bench.write(changed, 'after')
      expect((await values()).get(gone)).toBe('before')
      await bench.sipProxy.reload(callerIdHtable)
      const now = await values()
      expect([now.get(gone), now.get(changed), now.get(kept)]).toEqual([undefined, 'after', 'before'])
    })

    it('reads names and values as they are', async () => {
      const entry = `${randomUUID()} %_'"\\`
      const value = `sip:anna@example.com;x="é" ☎ '\\`
      await bench.write(entry, value)
      await bench.sipProxy.reload(callerIdHtable)
      expect((await values()).get(entry)).toBe(value)
    })

    it('bears several reloads at once', async () => {
      const entry = randomUUID()
      await bench.write(entry, 'once')
      await Promise.all(Array.from({ length: 5 }, () => bench.sipProxy.reload(callerIdHtable)))
      expect((await values()).get(entry)).toBe('once')
    })
  })
}
