import { expect, it } from 'vitest'
import { Turns } from './turns.ts'

it('lets as many work at once as there are places, and everybody in order', async () => {
  const turns = new Turns(2)
  const done: number[] = []
  let working = 0
  let most = 0
  const work = (number: number) => async (): Promise<number> => {
    most = Math.max(most, ++working)
    await new Promise(setImmediate)
    working--
    done.push(number)
    return number
  }
  const numbers = Array.from({ length: 9 }, (_, index) => index)
  expect(await Promise.all(numbers.map((number) => turns.take(work(number))))).toEqual(numbers)
  expect(done).toEqual(numbers)
  await Promise.all(numbers.map((number) => turns.take(work(number))))
  expect([most, working]).toEqual([2, 0])
})

it('passes a turn on when work fails', async () => {
  const turns = new Turns(1)
  const failing = turns.take(() => Promise.reject(new Error('no')))
  const next = turns.take(() => Promise.resolve('yes'))
  await expect(failing).rejects.toThrow('no')
  expect(await next).toBe('yes')
})
