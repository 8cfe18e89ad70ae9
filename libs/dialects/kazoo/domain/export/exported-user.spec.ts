import { describe, expect, it } from 'vitest'
import { hex } from '../documented-user.fixture.ts'
import { exportedDocument } from './exported-document.ts'
import { exportedUser } from './exported-user.ts'

const names = { first_name: 'User', last_name: 'Three' }

describe('A row of an export', () => {
  it.each([
    ['an answer', { data: names, status: 'success', revision: '1-x' }, names],
    ['what was sent once', { data: names }, names],
    ['a document', names, names],
    ['one with a key named data', { ...names, data: { a: 1 } }, { ...names, data: { a: 1 } }],
    ['one with features of its own', { ...names, features: [], hotdesk: {} }, { ...names, features: [], hotdesk: {} }],
  ])('holds a document as %s', (_, row, document) => {
    expect(exportedDocument(row)).toEqual({ document })
  })

  it.each([
    ['a failure', { data: { message: 'x' }, error: '401', message: 'y', status: 'error' }, /failure .* 401 y\.$/],
    ['a fatal one', { data: {}, status: 'fatal' }, /failure/],
    ['a list', { data: [names], status: 'success' }, /a list of users/],
    ['a summary', { ...names, id: hex, features: ['hotdesk'] }, /a summary/],
    ['an answer with one', { data: { ...names, features: [], service: {} }, status: 'success' }, /a summary/],
    ['nothing', { data: null, status: 'success' }, /no document/],
  ])('is told apart from %s', (_, row, sentence) => {
    expect(exportedDocument(row)).toEqual({ instead: expect.stringMatching(sentence) as string })
  })
})

describe('The user of a document', () => {
  it('is named after the id where there is no name', () => {
    expect(exportedUser({ ...names, id: hex }).fields.username).toBe(`user_${hex}`)
    expect(exportedUser({ ...names, _id: hex }).fields.username).toBe(`user_${hex}`)
    expect(exportedUser({ ...names, id: hex, username: 'Bob' }).fields.username).toBe('bob')
    expect(exportedUser({ ...names, username: 'bob' }).fields.username).toBe('bob')
  })

  it.each([{}, { id: 'x' }, { id: 7 }, { id: hex.toUpperCase() }])('must have a name where it has %j', (id) => {
    expect(() => exportedUser({ ...names, ...id })).toThrow('The request is not valid')
  })
})
