import { describe, expect, it } from 'vitest'
import { Places } from './places.ts'

const crowded = (): Error => new Error('crowded')

/** Work that lasts until it's told to end. */
function lasting() {
  const { promise, resolve } = Promise.withResolvers<string>()
  return { work: () => promise, end: () => resolve('done') }
}

describe('Places', () => {
  it('let as many work at once as there are, and the next when one ends', async () => {
    const places = new Places(2, 60_000)
    const works = [lasting(), lasting(), lasting()]
    const begun: number[] = []
    const takings = works.map(({ work }, index) =>
      places.take(() => {
        begun.push(index)
        return work()
      }, crowded),
    )
    await expect.poll(() => begun).toEqual([0, 1])
    works[1]!.end()
    expect(await takings[1]).toBe('done')
    await expect.poll(() => begun).toEqual([0, 1, 2])
    for (const { end } of works) end()
    expect(await Promise.all(takings)).toEqual(['done', 'done', 'done'])
  })

  it('are taken in the order in which others came', async () => {
    const places = new Places(2, 60_000)
    const begun: string[] = []
    const works = ['a', 'b', 'c', 'd', 'e'].map((name) => ({ name, ...Promise.withResolvers<string>() }))
    const take = ({ name, promise }: (typeof works)[number]): Promise<string> =>
      places.take(() => {
        begun.push(name)
        return promise
      }, crowded)
    const taken = works.slice(0, 4).map(take)
    expect(begun).toEqual(['a', 'b'])
    works[1]?.reject(new Error('b'))
    await expect(taken[1]).rejects.toThrow('b')
    taken.push(...works.slice(4).map(take))
    expect(begun).toEqual(['a', 'b', 'c'])
    for (const { name, resolve } of works) resolve(name)
    expect(await Promise.all(taken.filter((_, index) => index !== 1))).toEqual(['a', 'c', 'd', 'e'])
    expect(begun).toEqual(['a', 'b', 'c', 'd', 'e'])
    expect(await places.take(() => Promise.resolve('again'), crowded)).toBe('again')
  })

  it('tell whoever finds none in time, and never begin that work', async () => {
    const places = new Places(1, 20)
    const first = lasting()
    const working = places.take(first.work, crowded)
    let isBegun = false
    const waiting = places.take(() => {
      isBegun = true
      return Promise.resolve('never')
    }, crowded)
    await expect(waiting).rejects.toThrow('crowded')
    first.end()
    expect(await working).toBe('done')
    expect(await places.take(() => Promise.resolve('next'), crowded)).toBe('next')
    expect(isBegun).toBe(false)
  })

  it('are free again after work that failed', async () => {
    const places = new Places(1, 60_000)
    await expect(places.take(() => Promise.reject(new Error('of its own')), crowded)).rejects.toThrow('of its own')
    expect(await places.take(() => Promise.resolve('next'), crowded)).toBe('next')
  })
})
