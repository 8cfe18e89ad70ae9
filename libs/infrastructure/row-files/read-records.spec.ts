import { describe, expect, it } from 'vitest'
import { type CsvRecord, readRecords } from './read-records.ts'
import { splitLines } from './split-lines.ts'

async function* pieces(content: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < content.length; start += size)
    yield await Promise.resolve(content.subarray(start, start + size))
}

async function read(content: string | Uint8Array, size = 7, mayBreak?: readonly boolean[]): Promise<CsvRecord[]> {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content
  const records: CsvRecord[] = []
  for await (const record of readRecords(splitLines(pieces(bytes, size)), mayBreak)) records.push(record)
  return records
}

const cellsOf = (records: readonly CsvRecord[]) => records.map(({ cells }) => cells)
const linesOf = (records: readonly CsvRecord[]) => records.map(({ line }) => line)

describe('readRecords', () => {
  it.each([
    ['LF', 'a,b\nc,d\n'],
    ['CRLF', 'a,b\r\nc,d\r\n'],
    ['both', 'a,b\r\nc,d\n'],
    ['no line break at the end', 'a,b\nc,d'],
    ['a byte order mark', '\ufeffa,b\nc,d\n'],
    ['a byte order mark before a quote', '\ufeff"a",b\r\n"c","d"\r\n'],
  ])('reads rows with %s', async (_name, content) => {
    expect(cellsOf(await read(content))).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ])
  })

  it('reads quoted cells with commas, quotes and line breaks in them, and counts lines as an editor does', async () => {
    const records = await read('name,note\r\n"Smith, ""Bob""","first\r\nsecond\r\n\r\nlast"\r\n\r\nnext,row\r\n')
    expect(cellsOf(records)).toEqual([
      ['name', 'note'],
      ['Smith, "Bob"', 'first\r\nsecond\r\n\r\nlast'],
      ['next', 'row'],
    ])
    expect(linesOf(records)).toEqual([1, 2, 7])
  })

  it.each([1, 2, 3, 64])('gives the same whatever the pieces are: %i bytes each', async (size) => {
    const content = '\ufeffname,city\r\n"Zoë, \u{1F600}","Málaga\r\n"\r\n\r\n李,"x"\n'
    expect(cellsOf(await read(content, size))).toEqual([
      ['name', 'city'],
      ['Zoë, \u{1F600}', 'Málaga\r\n'],
      ['李', 'x'],
    ])
  })

  it('skips blank lines and nothing else', async () => {
    const records = await read('\n  \r\na,b\n\n,\n""\n')
    expect(cellsOf(records)).toEqual([['a', 'b'], ['', ''], ['']])
    expect(linesOf(records)).toEqual([3, 5, 6])
  })

  it('tells how many bytes of the file are read with each row', async () => {
    const content = '\ufeffa,b\r\n"c\n",d\n\ne,f'
    const ends = (await read(content)).map(({ end }) => end)
    expect(ends).toEqual([8, 15, Buffer.byteLength(content)])
  })

  it('refuses only the row with bytes that are not UTF-8', async () => {
    const content = Buffer.concat([Buffer.from('a,b\n1,'), Buffer.from([0xe9, 0x0a]), Buffer.from('2,é\n')])
    const [, broken, next] = await read(content)
    expect(broken).toMatchObject({
      line: 2,
      problem: 'The row holds bytes that are not UTF-8.',
      cells: ['1', '\ufffd'],
    })
    expect(next).toEqual({ line: 3, nextLine: 4, start: 8, end: content.length, cells: ['2', 'é'] })
  })

  it.each([
    ['opened and never closed', 'x,"Bob', 'A quote is opened and not closed.', ['x', '"Bob']],
    [
      'followed by more',
      '"Bob" Smith,x',
      'A quote that closes a cell must stand at its end; a quote inside a quoted cell is written twice.',
      ['"Bob" Smith', 'x'],
    ],
    [
      'in the middle',
      'Bob "B" Smith,x',
      'A quote stands inside a cell without quotes: quote the whole cell and write the quote inside twice.',
      ['Bob "B" Smith', 'x'],
    ],
  ])('refuses only the row with a quote that is %s', async (_name, row, problem, cells) => {
    const records = await read(`a,b\n1,2\n${row}\n3,4\n"5","6, 7"\n8,9\n`)
    expect(records[2]).toMatchObject({ line: 3, problem, cells })
    expect(cellsOf(records.toSpliced(2, 1))).toEqual([
      ['a', 'b'],
      ['1', '2'],
      ['3', '4'],
      ['5', '6, 7'],
      ['8', '9'],
    ])
    expect(linesOf(records)).toEqual([1, 2, 3, 4, 5, 6])
  })

  it.each([
    ['another number of cells', 'x,"Bob\n3,4\n5,"6', 'header'],
    ['a line break in a cell of one line', '"Bob,1\n3,4\n5",6', [false, true]],
  ] as const)('swallows no row where a later quote closes it with %s', async (_name, rows, shape) => {
    const mayBreak = shape === 'header' ? undefined : shape
    const [header, first, second, ...others] = await read(`a,b\n${rows}\n7,"8\n9"\n`, 7, mayBreak)
    expect(header).toMatchObject({ cells: ['a', 'b'] })
    expect(first).toMatchObject({ line: 2, nextLine: 3, problem: 'A quote is opened and not closed.' })
    expect(second).toMatchObject({ line: 3, cells: ['3', '4'] })
    expect(others[0]).toMatchObject({ line: 4, problem: expect.any(String) as unknown })
    expect(others[1]).toEqual(expect.objectContaining({ line: 5, nextLine: 7, cells: ['7', '8\n9'] }))
  })

  it('swallows no row in a cell that may have line breaks', async () => {
    const records = await read('a,b,c\n1,2,"3\n4,5,6\n7,8,9"\n"x, y\nz",2,"{\n ""p"": [1, 2,\n ""q"", 3, 4]}"\n')
    expect(records.map(({ line, problem }) => [line, problem === undefined])).toEqual([
      [1, true],
      [2, false],
      [3, true],
      [4, false],
      [5, true],
    ])
  })

  it('reads an open quote twice at most, however many lines follow', async () => {
    const line = `${'a,'.repeat(5200)}b\n`
    const content = Buffer.from(`"${line}${line.repeat(99)}`.repeat(4))
    const started = performance.now()
    const plain = await read(line.repeat(400), 65_536)
    const once = performance.now() - started
    const open = await read(content, 65_536)
    expect([plain.length, open.length]).toEqual([400, 400])
    expect(performance.now() - started - once).toBeLessThan(5 * once + 200)
  })

  it('looks only so far for the quote that closes a cell', async () => {
    let given = 0
    async function* lines(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('1,"never closed\n')
      while (given++ < 5000) yield await Promise.resolve(Buffer.from('2,x\n'))
    }
    const records = readRecords(splitLines(lines()))
    expect(await records.next()).toMatchObject({ value: { line: 1, problem: 'A quote is opened and not closed.' } })
    expect(given).toBeLessThan(200)
    expect(await records.next()).toMatchObject({ value: { line: 2, cells: ['2', 'x'] } })
  })

  it('reads no further than it is asked to', async () => {
    let given = 0
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) {
        given++
        yield await Promise.resolve(Buffer.from('a,b\n'.repeat(100)))
      }
    }
    const records = readRecords(splitLines(endless()))
    for (let row = 0; row < 150; row++) await records.next()
    expect(given).toBe(2)
  })

  it('goes on in the middle as it would have from the top', async () => {
    const content = Buffer.from('\ufeffa,b\r\n"c\n",d\n\ne,f\n"g"x\nh,i')
    const records = await read(content)
    for (const [index, { nextLine, end }] of records.entries()) {
      const rest = content.subarray(end)
      const further: CsvRecord[] = []
      const from = { offset: end, line: nextLine }
      for await (const record of readRecords(splitLines(pieces(rest, 3), from))) further.push(record)
      expect(further).toEqual(records.slice(index + 1))
    }
  })

  it('gives up on a line without end', async () => {
    const content = Buffer.alloc(1024 * 1024 + 2, 'a')
    await expect(read(content, 64 * 1024)).rejects.toThrow('line 1 is longer than 1 MiB')
  })
})
