import { expect, it } from 'vitest'
import { Turns } from './turns.ts'

const crowded = (): Error => new Error('crowded')

it('So many of a name work at once, the others in the order in which they came', async () => {
  const turns = new Turns(2, 60_000)
  const begun: string[] = []
  const works = ['a', 'b', 'c', 'd'].map((name) => ({ name, ...Promise.withResolvers<string>() }))
  const taken = works.map(({ name, promise }) =>
    turns.take(
      'one',
      () => {
        begun.push(name)
        return promise
      },
      crowded,
    ),
  )
  expect(begun).toEqual(['a', 'b'])
  expect(await turns.take('other', () => Promise.resolve('at once'), crowded)).toBe('at once')
  works[1]?.reject(new Error('b'))
  await expect(taken[1]).rejects.toThrow('b')
  expect(begun).toEqual(['a', 'b', 'c'])
  for (const { name, resolve } of works) resolve(name)
  expect(await Promise.all(taken.filter((_, index) => index !== 1))).toEqual(['a', 'c', 'd'])
  expect(await turns.take('one', () => Promise.resolve('again'), crowded)).toBe('again')
})

it('Whoever comes to no turn in time is told so, and their work is never begun', async () => {
  const turns = new Turns(1, 20)
  const { promise, resolve } = Promise.withResolvers<string>()
  const first = turns.take('one', () => promise, crowded)
  let isBegun = false
  const late = turns.take(
    'one',
    () => {
      isBegun = true
      return Promise.resolve('never')
    },
    crowded,
  )
  await expect(late).rejects.toThrow('crowded')
  const next = turns.take('one', () => Promise.resolve('next'), crowded)
  resolve('done')
  expect(await Promise.all([first, next])).toEqual(['done', 'next'])
  expect(isBegun).toBe(false)
})
