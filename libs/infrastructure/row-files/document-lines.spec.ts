import { describe, expect, it } from 'vitest'
import { documentLines } from './document-lines.ts'
import { longestLine } from './split-lines.ts'

async function linesOf(text: string | Buffer, size: number): Promise<readonly string[]> {
  const bytes = Buffer.from(text)
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size))
  }
  const read: Uint8Array[] = []
  for await (const line of documentLines(chunks())) read.push(line)
  return Buffer.concat(read).toString().split('\n').slice(0, -1)
}

const documents = [{ a: [1, { b: '}]"\\' }] }, {}, { text: 'línea\n', more: [[]] }]

describe.each([1, 2, 7, 100_000])('Documents that come %i bytes at a time', (size) => {
  it.each([
    ['a line each', documents.map((one) => JSON.stringify(one)).join('\n')],
    ['nothing between them', documents.map((one) => JSON.stringify(one)).join('')],
    ['as people read them', documents.map((one) => JSON.stringify(one, undefined, 2)).join('\r\n\n')],
    ['a list', JSON.stringify(documents)],
    ['a list as people read it', `\ufeff${JSON.stringify(documents, undefined, '\t')}\n`],
    ['lists', `${JSON.stringify(documents.slice(0, 2))}\n[]${JSON.stringify(documents.slice(2))}`],
  ])('get a line each: %s', async (_, text) => {
    const lines = await linesOf(text, size)
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(documents)
  })

  it.each([
    ['{"a":1}\n\n<html>\n', 'has no JSON document at line 3, but "<html'],
    ['{"a":1}\n{"b":{"c":1}\n', 'ends within the document that begins at line 2'],
    ['{"a":"1', 'ends within the document that begins at line 1'],
    ['[{"a":1},', 'ends before its list does'],
    ['{"a":"1\n{"b":"2"}\n', "has a text that isn't closed at line 1"],
    ['{"a":1},{"a":2}', 'has no JSON document at line 1, but ","'],
    ['[{"a":1}]]', 'has no JSON document at line 1, but "]"'],
    ['["a"]', 'has no JSON document at line 1, but ""'],
  ])('are refused where there is something else: %j', async (text, sentence) => {
    // how much of it is shown goes by what came
    await expect(linesOf(text, size)).rejects.toThrow(sentence.replace(/"[^"]*"?$/, ''))
  })

  it('are none where there is nothing, or an empty list', async () => {
    expect(await Promise.all(['', ' \n', '[]'].map((text) => linesOf(text, size)))).toEqual([[], [], []])
  })
})

it('Documents have 1 MiB at most', async () => {
  const ofLength = (length: number): string => `{"a":"${'x'.repeat(length - 8)}"}`
  expect(await linesOf(ofLength(longestLine), 4096)).toHaveLength(1)
  const sentence = 'has a document of more than 1 MiB, or without an end, that begins at line 2'
  await expect(linesOf(`{}\n${ofLength(longestLine + 1)}`, 4096)).rejects.toThrow(sentence)
})
