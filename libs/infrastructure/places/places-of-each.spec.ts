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
