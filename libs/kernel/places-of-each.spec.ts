import { expect, it } from 'vitest'
import { PlacesOfEach } from './places-of-each.ts'

const crowded = (): Error => new Error('crowded')

it('Each name has its own places, whoever waits for those of another', async () => {
  const places = new PlacesOfEach(1, 60_000)
  const { promise, resolve: end } = Promise.withResolvers<string>()
  const first = places.take('a', () => promise, crowded)
  const begun: string[] = []
  const second = places.take('a', () => Promise.resolve(begun.push('second')), crowded)
  await places.take('b', () => Promise.resolve(begun.push('other')), crowded)
  expect(begun).toEqual(['other'])
  end('done')
  expect([await first, await second, begun]).toEqual(['done', 2, ['other', 'second']])
})

it('Who finds none in time learns it, and the name has its places again', async () => {
  const places = new PlacesOfEach(1, 20)
  const { promise, resolve: end } = Promise.withResolvers<string>()
  const first = places.take('a', () => promise, crowded)
  await expect(places.take('a', () => Promise.resolve('never'), crowded)).rejects.toThrow('crowded')
  end('done')
  await first
  expect(await places.take('a', () => Promise.resolve('next'), crowded)).toBe('next')
})

it('So many of a name are at work at most, however closely others end and begin', async () => {
  for (let later = 0; later < 10; later += 1) {
    const places = new PlacesOfEach(2, 60_000)
    const [first, second] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()]
    const { promise: never } = Promise.withResolvers<undefined>()
    let begun = 0
    const begin = (): void => {
      const work = (): Promise<undefined> => {
        begun += 1
        return never
      }
      void places.take('a', work, crowded)
    }
    const taken = [first, second].map(({ promise }) => places.take('a', () => promise, crowded))
    void Promise.resolve().then(() => second.resolve(undefined))
    first.resolve(undefined)
    for (let count = 0; count < later; count += 1) await Promise.resolve()
    begin()
    await Promise.all(taken)
    await new Promise(setImmediate)
    for (let count = 0; count < 2; count += 1) begin()
    expect(begun).toBe(2)
  }
})
