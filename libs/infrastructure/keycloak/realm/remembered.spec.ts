import { describe, expect, it } from 'vitest'
import { Remembered } from './remembered.ts'

/** Reads 1, 2, 3 and so on; the first so many times it fails. */
function counting(failures = 0) {
  let count = 0
  return () => {
    count += 1
    return count > failures ? Promise.resolve(count) : Promise.reject(new Error(`failure ${count}`))
  }
}

describe('What is remembered', () => {
  it('is read once for all who ask before it is too old', async () => {
    const remembered = new Remembered(60_000, counting())
    expect(await Promise.all([remembered.current(), remembered.current()])).toEqual([1, 1])
    expect(await remembered.current()).toBe(1)
  })

  it('is read again when it is too old', async () => {
    const remembered = new Remembered(0, counting())
    expect([await remembered.current(), await remembered.current()]).toEqual([1, 2])
  })

  it('is no failure', async () => {
    const remembered = new Remembered(60_000, counting(1))
    const together = await Promise.allSettled([remembered.current(), remembered.current()])
    expect(together.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(await remembered.current()).toBe(2)
  })
})
