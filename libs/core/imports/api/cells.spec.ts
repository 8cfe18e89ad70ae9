import { describe, expect, it } from 'vitest'
import { bodyOfCells, unwrapped } from './cells.ts'

/** What the cells of a row say, by their columns; the required ones are there. */
function read(cells: Readonly<Record<string, string>>) {
  const all = { username: 'alice', domain: 'acme.example', ...cells }
  return bodyOfCells(Object.values(all), Object.keys(all))
}

function body(attributes: object, others: object = {}) {
  return { body: { username: 'alice', attributes: { ...attributes, domain: 'acme.example' }, ...others } }
}

const own = (key: string) => ({ problems: [{ path: `attributes.${key}`, problem: 'has a column of its own' }] })

describe('The column of all attributes', () => {
  it.each([
    ['{"team":"Support"}', { team: 'Support' }],
    [' {"a":["1"," 2"],"":null} ', { a: ['1', ' 2'], '': null }],
    ['{}', {}],
    ['', {}],
  ])('takes them as JSON: %s', (attributes, expected) => {
    expect(read({ attributes })).toEqual(body(expected))
  })

  it('stands beside columns of other attributes', () => {
    const cells = { attributes: '{"a":"1"}', 'attributes.b': '["2","3"]', phone_number: '5' }
    expect(read(cells)).toEqual(body({ a: '1', b: ['2', '3'], phone_number: '5' }))
  })

  it.each(['[]', '"x"', 'null', 'team=Support', '{"a":'])('takes nothing else: %s', (attributes) => {
    const problem = 'must be an object in JSON, such as {"team":"Support"}'
    expect(read({ attributes })).toEqual({ problems: [{ path: 'attributes', problem }] })
  })

  it('says nothing of what has a column of its own', () => {
    expect(read({ attributes: '{"a":"1"}', 'attributes.a': '2' })).toEqual(own('a'))
    expect(read({ attributes: '{"domain":"1"}' })).toEqual(own('domain'))
    expect(read({ attributes: '{"phone_number":"1"}' })).toEqual(own('phone_number'))
  })
})

describe('A text in a cell', () => {
  it.each([
    [' Ann ', 'Ann'],
    ['" Ann "', ' Ann '],
    [' "\\"Ann\\"" ', '"Ann"'],
    ['"Ann" Lee', '"Ann" Lee'],
    ['"Ann', '"Ann'],
  ])('is without the spaces around it, unless it is in quotes of JSON: %s', (first_name, expected) => {
    expect(read({ first_name })).toEqual(body({}, { first_name: expected }))
  })

  it('is a password as it is', () => {
    const credentials = { password: ' "secret" ' }
    expect(read({ password: credentials.password })).toEqual(body({}, { credentials }))
  })

  it('says nothing where it is blank, a password included', () => {
    expect(read({ first_name: ' ', password: '  ', 'attributes.a': '" "' })).toEqual(body({ a: ' ' }))
  })
})

it('A document may say why it was refused', () => {
  const user = { username: 'alice' }
  for (const value of [user, { user }, { ...user, reason: 'x', line: 3 }, { user, line: 3, reason: 'x' }])
    expect(unwrapped(value)).toEqual(user)
  expect(unwrapped({ user, other: 1, line: 3 })).toEqual({ user, other: 1 })
})
