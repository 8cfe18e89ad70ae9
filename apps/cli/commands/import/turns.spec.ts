import { describe, expect, it } from 'vitest'
import { Turns } from './turns.ts'

describe('Turns', () => {
  it('does one thing after the other, and different things at the same time', async () => {
    const turns = new Turns()
    const first = Promise.withResolvers<undefined>()
    const order: string[] = []
    const bob = turns.take('bob', () => first.promise.then(() => order.push('bob')))
    const bobAgain = turns.take('bob', () => Promise.resolve(order.push('bob again')))
    await turns.take('jane', () => Promise.resolve(order.push('jane')))
    expect(order).toEqual(['jane'])
    first.resolve(undefined)
    await Promise.all([bob, bobAgain])
    expect(order).toEqual(['jane', 'bob', 'bob again'])
  })

  it('goes on after a failure', async () => {
    const turns = new Turns()
    const failing = turns.take('bob', () => Promise.reject(new Error('no')))
    const next = turns.take('bob', () => Promise.resolve('yes'))
    await expect(failing).rejects.toThrow('no')
    await expect(next).resolves.toBe('yes')
  })
})
