import { expect, it } from 'vitest'
import { basicCredentialsIn, basicTextIn } from './basic-credentials.ts'

const [account, digest] = ['0'.repeat(32), 'a'.repeat(32)]
const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`

it('Basic credentials are an account and an md5', () => {
  const text = `${account}:${digest}`
  expect(basicTextIn(basic(text))).toBe(text)
  expect(basicCredentialsIn(text.toUpperCase())).toEqual({ account, digest })
})

it.each([
  basic('anna:secret'),
  basic(`${account}:`),
  basic(`${account}:${digest}0`),
  `Bearer ${digest}`,
  'Basic !',
  undefined,
])('%s are none', (header) => {
  expect(basicTextIn(header)).toBeUndefined()
})

it('A token is no pair', () => {
  expect(basicCredentialsIn('f'.repeat(64))).toBeUndefined()
})
