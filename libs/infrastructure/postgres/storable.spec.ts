import { describe, expect, it } from 'vitest'
import { storableJson, storableText } from './storable.ts'

describe('what Postgres can keep of a text', () => {
  it.each([
    ['plain "quoted" \\ é 👩‍👩‍👧 \n\t\u0001', undefined],
    ['\\u0000 \\\\u0000 \\ud800', undefined],
    ['a\0b', 'a\ufffdb'],
    ['\\\0', '\\\ufffd'],
    ['\\\\\0\0', '\\\\\ufffd\ufffd'],
    ['\ud800', '\ufffd'],
    ['x\udbff\ud83d\ude00\udfff', 'x\ufffd😀\ufffd'],
  ])('is all of it but what it has no room for: %j', (text, kept = text) => {
    expect(JSON.parse(storableJson({ [text]: [text] }))).toEqual({ [kept]: [kept] })
  })

  it('is said of a text by itself, too', () => {
    expect(storableText('a\0b\0 \\u0000')).toBe('a\ufffdb\ufffd \\u0000')
  })
})
