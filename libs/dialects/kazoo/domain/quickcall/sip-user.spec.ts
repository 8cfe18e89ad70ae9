import { expect, it } from 'vitest'
import { sipUser } from './sip-user.ts'

it.each([
  ['+34910000000', '+34910000000'],
  ['*21*5.0-1_x', '*21*5.0-1_x'],
  ["o'brien+work&=$/!~()", "o'brien+work&=$/!~()"],
  ['#31#', '%2331%23'],
  ['anna@mail.example', 'anna%40mail.example'],
  ['a:b;c?d,e%2B f', 'a%3Ab%3Bc%3Fd%2Ce%252B%20f'],
  ['josé', 'jos%C3%A9'],
])('%s stands in a SIP address as %s', (text, written) => {
  expect(sipUser(text)).toBe(written)
})
