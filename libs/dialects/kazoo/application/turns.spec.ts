import { expect, it } from 'vitest'
import { Turns } from './turns.ts'

it('So many of a name work at once, the others in the order in which they came', async () => {
  const turns = new Turns(2)
  const begun: string[] = []
  const works = ['a', 'b', 'c', 'd'].map((name) => ({ name, ...Promise.withResolvers<string>() }))
  const taken = works.map(({ name, promise }) =>
    turns.take('one', () => {
      begun.push(name)
      return promise
    }),
  )
  expect(begun).toEqual(['a', 'b'])
  expect(await turns.take('other', () => Promise.resolve('at once'))).toBe('at once')
  works[1]?.reject(new Error('b'))
  await expect(taken[1]).rejects.toThrow('b')
  expect(begun).toEqual(['a', 'b', 'c'])
  for (const { name, resolve } of works) resolve(name)
  expect(await Promise.all(taken.filter((_, index) => index !== 1))).toEqual(['a', 'c', 'd'])
  expect(await turns.take('one', () => Promise.resolve('again'))).toBe('again')
})
