import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { problemsIn } from '../problems/problems-in.fixture.ts'
import { userUuid } from '../documented-user.fixture.ts'
import { listQuery } from './list-query.ts'
import { cursorIn, cursorText } from './page-cursor.ts'

const cursor = { sortKey: 'Three User', id: userUuid }

describe('a query without parameters', () => {
  it('is the first fifty, in order', () => {
    const nothing = { from: undefined, to: undefined }
    const page = { size: 50, start: undefined }
    expect(listQuery({})).toEqual({ filters: [], created: nothing, modified: nothing, page, isDescending: false })
  })
})

describe('a filter', () => {
  it.each([
    [{ filter_username: 'bob' }, [{ kind: 'is', path: ['username'], values: ['bob'] }]],
    [{ filter_not_username: 'bob' }, [{ kind: 'is_not', path: ['username'], values: ['bob'] }]],
    [
      { 'filter_caller_id.external.number': '5' },
      [{ kind: 'is', path: ['caller_id', 'external', 'number'], values: ['5'] }],
    ],
    [{ filter_enabled: 'true' }, [{ kind: 'is', path: ['enabled'], values: ['true'] }]],
    [{ filter_x: '["a",5,true,null]' }, [{ kind: 'is', path: ['x'], values: ['a', '5', 'true', 'null'] }]],
    [{ filter_x: '[a' }, [{ kind: 'is', path: ['x'], values: ['[a'] }]],
    [{ filter_x: '[]' }, [{ kind: 'nothing' }]],
    [{ filter_not_x: '[]' }, [{ kind: 'is_not', path: ['x'], values: [] }]],
    [{ filter_x: '' }, [{ kind: 'is', path: ['x'], values: [''] }]],
    [
      { filter_x: ['a', 'b'] },
      [
        { kind: 'is', path: ['x'], values: ['a'] },
        { kind: 'is', path: ['x'], values: ['b'] },
      ],
    ],
    [{ has_key: 'a.b' }, [{ kind: 'has_key', path: ['a', 'b'] }]],
    [{ key_missing: 'a' }, [{ kind: 'key_missing', path: ['a'] }]],
    [{ has_value: 'a' }, [{ kind: 'has_value', path: ['a'] }]],
    [{ missing_value: 'a' }, [{ kind: 'missing_value', path: ['a'] }]],
    [{ filter_5: '5' }, [{ kind: 'is', path: ['5'], values: ['5'] }]],
    [
      { "filter_x' or 1=1--": "'; drop table users" },
      [{ kind: 'is', path: ["x' or 1=1--"], values: ["'; drop table users"] }],
    ],
    [{ 'filter_a..b': 'x' }, [{ kind: 'is', path: ['a', '', 'b'], values: ['x'] }]],
    [
      { filter___proto__: 'x', has_key: 'constructor' },
      [
        { kind: 'is', path: ['__proto__'], values: ['x'] },
        { kind: 'has_key', path: ['constructor'] },
      ],
    ],
    [{ filter_: 'x', filter_not_: 'x', has_key: '' }, []],
    [{ filter_x: 'a\0' }, [{ kind: 'nothing' }]],
    [{ filter_not_x: 'a\0' }, [{ kind: 'is_not', path: ['x'], values: [] }]],
    [{ has_key: 'a\ud800' }, [{ kind: 'nothing' }]],
    [{ key_missing: 'a\0' }, []],
    [{ filter_x: '["a",1e999,"\\u0000",{"a":"\\ud800"}]' }, [{ kind: 'is', path: ['x'], values: ['a'] }]],
    [{ filter_x: `${'['.repeat(8000)}${']'.repeat(8000)}` }, [{ kind: 'nothing' }]],
    [{ [`filter_${'a.'.repeat(60)}`]: 'x', [`filter_not_${'a.'.repeat(60)}`]: 'x' }, [{ kind: 'nothing' }]],
    [{ has_key: 'a.'.repeat(8000), key_missing: 'a.'.repeat(8000) }, [{ kind: 'nothing' }]],
    [{ unknown: 'x', constructor: 'x', toString: 'x', filter: 'x' }, []],
    [{ filter_x: { nested: 1 }, has_key: 5 }, []],
  ])('%j', (query, filters) => {
    expect(listQuery(query).filters).toEqual(filters)
  })
})

describe('time, pages and order', () => {
  it('are read', () => {
    const query = { created_from: '62167219200', modified_to: '62167219201', page_size: '2', descending: 'true' }
    expect(listQuery({ ...query, start_key: cursorText(cursor) })).toEqual({
      filters: [],
      created: { from: new Date(0), to: undefined },
      modified: { from: undefined, to: new Date(1000) },
      page: { size: 2, start: cursor },
      isDescending: true,
    })
  })

  it.each([
    [{ paginate: 'false', page_size: 'x' }, undefined],
    [{ paginate: 'true' }, { size: 50, start: undefined }],
    [{ page_size: '100000' }, { size: 1000, start: undefined }],
    [
      { page_size: '', start_key: '' },
      { size: 50, start: undefined },
    ],
  ])('%j asks for %j', (query, page) => {
    expect(listQuery(query).page).toEqual(page)
  })

  it.each([
    [{ ascending: 'true' }, false],
    [{ ascending: 'false' }, true],
    [{ descending: 'false' }, false],
  ])('%j: backwards %j', (query, isDescending) => {
    expect(listQuery(query).isDescending).toBe(isDescending)
  })

  it.each([
    [{ page_size: '0' }, 'page_size', 'minimum'],
    [{ page_size: '-1' }, 'page_size', 'type'],
    [{ page_size: 'x' }, 'page_size', 'type'],
    [{ created_from: 'x' }, 'created_from', 'type'],
    [{ created_to: '1e9' }, 'created_to', 'type'],
    [{ modified_from: '1'.repeat(13) }, 'modified_from', 'type'],
    [{ modified_to: '-5' }, 'modified_to', 'type'],
    [{ start_key: 'forged' }, 'start_key', 'invalid'],
  ])('%j is refused', (query, path, code) => {
    expect(problemsIn(() => listQuery(query))).toHaveProperty([path, code])
  })
})

describe('the key of a page', () => {
  it('stands for its row, whatever the names are', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), fc.uuid(), (sortKey, id) => {
        fc.pre(!sortKey.includes('\0'))
        expect(cursorIn(cursorText({ sortKey, id }))).toEqual({ sortKey, id })
      }),
    )
  })

  it.each(
    [
      ['', 'x', '[]', 'null', '{}', '{"k":5,"i":"x"}', `{"k":"a","i":"x"}`].map((text) =>
        Buffer.from(text).toString('base64url'),
      ),
      [
        'Three User',
        `${cursorText(cursor)}=`,
        `${cursorText(cursor)}A`,
        ` ${cursorText(cursor)}`,
        cursorText(cursor).slice(1),
      ],
      [
        cursorText({ ...cursor, sortKey: 'a\0' }),
        cursorText({ ...cursor, sortKey: 'a'.repeat(1001) }),
        cursorText({ ...cursor, id: userUuid.toUpperCase() }),
      ],
      [
        Buffer.from(`{"i":"${userUuid}","k":"a"}`).toString('base64url'),
        Buffer.from(`{"k":"a","i":"${userUuid}","x":1}`).toString('base64url'),
      ],
    ].flat(),
  )('is not %j', (text) => {
    expect(cursorIn(text)).toBeUndefined()
  })
})
