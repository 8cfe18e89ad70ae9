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

it('So many of a name work at once, the others in the order in which they came', async () => {
  const places = new PlacesOfEach(2, 60_000)
  const begun: string[] = []
  const works = ['a', 'b', 'c', 'd'].map((name) => ({ name, ...Promise.withResolvers<string>() }))
  const taken = works.map(({ name, promise }) =>
    places.take(
      'one',
      () => {
        begun.push(name)
        return promise
      },
      crowded,
    ),
  )
  expect(begun).toEqual(['a', 'b'])
  expect(await places.take('other', () => Promise.resolve('at once'), crowded)).toBe('at once')
  works[1]?.reject(new Error('b'))
  await expect(taken[1]).rejects.toThrow('b')
  expect(begun).toEqual(['a', 'b', 'c'])
  for (const { name, resolve } of works) resolve(name)
  expect(await Promise.all(taken.filter((_, index) => index !== 1))).toEqual(['a', 'c', 'd'])
  expect(await places.take('one', () => Promise.resolve('again'), crowded)).toBe('again')
})

it('Whoever comes to no turn in time is told so, and their work is never begun', async () => {
  const places = new PlacesOfEach(1, 20)
  const { promise, resolve } = Promise.withResolvers<string>()
  const first = places.take('one', () => promise, crowded)
  let isBegun = false
  const late = places.take(
    'one',
    () => {
      isBegun = true
      return Promise.resolve('never')
    },
    crowded,
  )
  await expect(late).rejects.toThrow('crowded')
  const next = places.take('one', () => Promise.resolve('next'), crowded)
  resolve('done')
  expect(await Promise.all([first, next])).toEqual(['done', 'next'])
  expect(isBegun).toBe(false)
})
