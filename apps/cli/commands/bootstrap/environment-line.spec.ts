import { parseEnv } from 'node:util'
import { expect, it } from 'vitest'
import { environmentLine } from './environment-line.ts'

it.each([
  ['http://127.0.0.1:8080/auth'],
  ['a b'],
  ['a#b'],
  ["it's"],
  ['"quoted" it\'s'],
  ['$HOME'],
  ['ñ'],
  ['back\\slash'],
  [''],
])('the value %j is read as it was written', (value) => {
  expect(parseEnv(environmentLine('NAME', value))).toEqual({ NAME: value })
})
