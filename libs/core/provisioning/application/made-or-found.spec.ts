import { describe, expect, it } from 'vitest'
import { DomainError, isOutcomeUnknown, outcomeUnknown, systemRefused, systemUnavailable } from '#kernel'
import { madeOrFound } from './made-or-found.ts'

const lost = outcomeUnknown('other')
const failed = systemRefused('other')
const failing = (error: Error): Promise<never> => Promise.reject(error)
const found = (id?: string) => () => Promise.resolve(id)

describe('what is made at another system', () => {
  it('has the id that was answered', async () => {
    expect(await madeOrFound('other', Promise.resolve('id'), found('another'))).toBe('id')
  })

  it.each([lost, failed])('is looked for after %s', async (error) => {
    expect(await madeOrFound('other', failing(error), found('id'))).toBe('id')
    await expect(madeOrFound('other', failing(error), found())).rejects.toBe(error)
  })

  it.each([lost, failed])('may be there or not where it can not even be looked for after %s', async (error) => {
    const blind = (): Promise<never> => failing(systemUnavailable('other'))
    const thrown: unknown = await madeOrFound('other', failing(error), blind).catch((reason: unknown) => reason)
    expect(isOutcomeUnknown(thrown)).toBe(true)
  })

  it.each([new DomainError('conflict', 'test.taken', 'Taken.'), systemUnavailable('other'), new Error('bug')])(
    'is not there after %s',
    async (error) => {
      await expect(madeOrFound('other', failing(error), found('somebody’s'))).rejects.toBe(error)
    },
  )
})
