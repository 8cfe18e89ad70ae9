import { randomBytes } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { FileRow } from '#core/imports'
import { CsvRowFiles } from './csv-row-files.ts'

const files = new CsvRowFiles()

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size)
    yield await Promise.resolve(bytes.subarray(start, start + size))
}

async function all(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const read: Uint8Array[] = []
  for await (const chunk of chunks) read.push(chunk)
  return Buffer.concat(read)
}

describe('What is packed with gzip', () => {
  const content = Buffer.from('username,domain\n'.repeat(10_000))

  it.each([1, 100, 1_000_000])('is unpacked, whatever pieces it comes in: %i bytes each', async (size) => {
    expect((await all(files.unpack(pieces(gzipSync(content), size)))).equals(content)).toBe(true)
  })

  it('may be several packets behind each other', async () => {
    const packed = Buffer.concat([gzipSync('a\n'), gzipSync('b\n')])
    expect((await all(files.unpack(pieces(packed, 7)))).toString()).toBe('a\nb\n')
  })

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['text', Buffer.from('username,domain\n')],
    ['cut', gzipSync(content).subarray(0, -5)],
    ['damaged', gzipSync(content).fill(7, 30, 40)],
  ])('is told from what is not: %s', async (_, bytes) => {
    await expect(all(files.unpack(pieces(bytes, 50)))).rejects.toMatchObject({ code: 'request.invalid' })
  })

  it('breaks as its source does', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(gzipSync(content).subarray(0, 50))
      throw new Error('aborted')
    }
    await expect(all(files.unpack(broken()))).rejects.toThrow('aborted')
  })

  it('is read no further than it is asked for', async () => {
    let given = 0
    const packed = gzipSync(randomBytes(4 * 1024 * 1024))
    async function* counted(): AsyncGenerator<Uint8Array> {
      for await (const piece of pieces(packed, 1000)) {
        given += 1
        yield piece
      }
    }
    for await (const chunk of files.unpack(counted())) {
      expect(chunk.length).toBeGreaterThan(0)
      break
    }
    expect(given).toBeLessThan(1000)
  })
})

describe('NDJSON', () => {
  async function rowsOf(text: string, from?: { readonly offset: number; readonly line: number }): Promise<FileRow[]> {
    const rows: FileRow[] = []
    for await (const row of files.rows('ndjson', pieces(Buffer.from(text), 5), from)) rows.push(row)
    return rows
  }

  it('has a document on each line that is not blank', async () => {
    const text = '\ufeff{"a":1}\r\n\n [2] \n{\n"é"'
    const rows = await rowsOf(text)
    expect(rows.map(({ line, content }) => [line, content])).toEqual([
      [1, { value: { a: 1 } }],
      [3, { value: [2] }],
      [4, { value: undefined }],
      [5, { value: 'é' }],
    ])
    expect(rows.map(({ problem }) => problem)).toEqual([undefined, undefined, 'The row is not JSON.', undefined])
    expect(await rowsOf(text.slice(12), { offset: 14, line: 4 })).toHaveLength(3)
  })
})

it('A line of a sheet is one row in every program, and no formula', () => {
  expect(files.csvLine(['1', '', 'a,"b"', '=1+1', '-x', '@y', 'a\r\nb'])).toBe(`1,,"a,""b""",'=1+1,'-x,'@y,"a\r\nb"\n`)
})
