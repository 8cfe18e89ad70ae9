import { describe, expect, it } from 'vitest'
import { TableName } from './table-name.ts'

describe("a table's name", () => {
  it.each([
    ['htable', '"public"."htable"', 'public.htable'],
    ['HTable', '"public"."htable"', 'public.htable'],
    ['kamailio.ht_2$', '"kamailio"."ht_2$"', 'kamailio.ht_2$'],
    ['"HTable"', '"public"."HTable"', 'public."HTable"'],
    ['"a.b"."c d"', '"a.b"."c d"', '"a.b"."c d"'],
    ['"x""; DROP TABLE y; --"', '"public"."x""; DROP TABLE y; --"', 'public."x""; DROP TABLE y; --"'],
    ['tablá', '"public"."tablá"', 'public.tablá'],
  ])('%s is %s to the database and %s to people', (text, sql, shown) => {
    const name = TableName.parse(text)
    expect([name?.sql, String(name)]).toEqual([sql, shown])
    expect(TableName.parse(shown)?.sql).toBe(sql)
  })

  it.each([
    '',
    '.',
    'a.',
    '.a',
    'a.b.c',
    'a b',
    ' a',
    '1a',
    'a-b',
    'a;b',
    '"',
    '""',
    '"a',
    'a"',
    "a'b",
    'a"b"',
    '"a"b',
  ])('%j is none', (text) => {
    expect(TableName.parse(text)).toBeUndefined()
  })

  it('is the same where it names the same table', () => {
    const name = (text: string): TableName => TableName.parse(text) ?? expect.fail(text)
    expect(TableName.stock.equals(name('public.HTABLE'))).toBe(true)
    expect(TableName.stock.equals(name('"Htable"'))).toBe(false)
    expect(TableName.stock.equals(name('other.htable'))).toBe(false)
  })
})
