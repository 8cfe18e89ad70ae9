import { describe, expect, it } from 'vitest'
import { printable } from './printable.ts'

describe('printable', () => {
  it.each([
    ['plain text', 'Zoë 李 \u{1F600}', 'Zoë 李 \u{1F600}'],
    ['escape sequences', '\u001b[31mred\u001b[0m', '[31mred [0m'],
    ['line breaks', 'one\r\ntwo\u2028three', 'one two three'],
    ['C1 controls', '\u009b31mred', '31mred'],
    ['turned text', 'a\u202egnp.exe', 'a gnp.exe'],
    ['half a surrogate pair', 'a\ud800b', 'a\ufffdb'],
    ['very long text', 'x'.repeat(1000), `${'x'.repeat(500)}…`],
  ])('makes one line of %s', (_name, text, line) => {
    expect(printable(text)).toBe(line)
  })
})
