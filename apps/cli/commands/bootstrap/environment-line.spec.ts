import { parseEnv } from 'node:util'
import { expect, it } from 'vitest'
import { environmentLine } from './environment-line.ts'

const fine = ['http://127.0.0.1:8080/auth', 'http://[::1]:8080', 'aGVsbG8+/w==', 'ñ', 'a_b-c.d~e', '']

it.each(fine)('the value %j is read as it was written, by Node and by Docker, which keeps quotes', (value) => {
  const line = environmentLine('NAME', value)
  expect(parseEnv(line)).toEqual({ NAME: value })
  expect(line.slice('NAME='.length)).toBe(value)
})

it.each(['a b', 'a#b', "it's", '"quoted"', '`', '$HOME', 'back\\slash', 'a\nB=c', 'a\u00a0b', `'"\``])(
  'the value %j, which not all read alike, is refused without being told',
  (value) => {
    expect(() => environmentLine('NAME', value)).toThrow(/^NAME has signs that programs read differently/)
    expect(() => environmentLine('NAME', value)).not.toThrow(value)
  },
)
