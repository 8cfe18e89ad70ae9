import { describe, expect, it } from 'vitest'
import { type PeopleFile, type PersonRow, readPeople } from './people-file.ts'

function people(content: string): Promise<PeopleFile> {
  return readPeople(
    'people.csv',
    (async function* () {
      yield await Promise.resolve(Buffer.from(content))
    })(),
  )
}

async function listOf(rows: AsyncIterable<PersonRow>): Promise<PersonRow[]> {
  const list: PersonRow[] = []
  for await (const row of rows) list.push(row)
  return list
}

async function rowsOf(content: string): Promise<PersonRow[]> {
  return listOf((await people(content)).rows)
}

describe('readPeople', () => {
  it('gives what each column says, in any order of columns', async () => {
    const [row] = await rowsOf('email,domain,username\njane@example.com,acme.example,jane\n')
    expect(row).toMatchObject({ line: 2, cells: ['jane@example.com', 'acme.example', 'jane'] })
    expect(Object.fromEntries(row?.values ?? [])).toEqual({
      username: 'jane',
      domain: 'acme.example',
      email: 'jane@example.com',
    })
  })

  it('takes blank cells as not given and leaves out space around the others, but not of passwords', async () => {
    const [row] = await rowsOf(
      'username, domain ,email,first_name,password\n jane ,acme.example,"  ",,"  pass word "\n',
    )
    expect(Object.fromEntries(row?.values ?? [])).toEqual({
      username: 'jane',
      domain: 'acme.example',
      password: '  pass word ',
    })
    expect(row?.cells).toEqual([' jane ', 'acme.example', '  ', '', '  pass word '])
  })

  it('ignores what the file of refused rows adds', async () => {
    const { columns, rows } = await people('line,username,domain,reason\n7,jane,acme.example,taken\n')
    expect(columns).toEqual(['username', 'domain'])
    expect((await listOf(rows))[0]?.cells).toEqual(['jane', 'acme.example'])
  })

  it.each([
    ['too few', 'jane', 'The row has 1 cell where line 1 has 2.', ['jane', '']],
    ['too many', 'jane,acme.example,,x', 'The row has 4 cells where line 1 has 2.', ['jane', 'acme.example']],
  ])('refuses a row with %s cells', async (_name, row, problem, cells) => {
    expect(await rowsOf(`username,domain\n${row}\njoe,acme.example\n`)).toMatchObject([
      { line: 2, problem, cells },
      { line: 3 },
    ])
  })

  it.each([
    ['nothing', '', 'people.csv is empty: its first line must name the columns; known are username, domain, '],
    ['only blank lines', '\n\r\n', 'people.csv is empty'],
    [
      'an unknown column',
      'username,domain,shoe_size\n',
      'people.csv, line 1: the column "shoe_size" is not known; known are ',
    ],
    ['another case', 'Username,domain\n', 'people.csv, line 1: the column "Username" is not known'],
    [
      'a column twice',
      'username,domain,email,email\n',
      'people.csv, line 1: the column "email" is there twice; known are ',
    ],
    ['no domain', 'username,email\n', 'people.csv, line 1: the column "domain" is missing; known are '],
    ['no username', '\ndomain,email\n', 'people.csv, line 2: the column "username" is missing; known are '],
    ['a column without a name', 'username,domain,\n', 'people.csv, line 1: column 3 has no name; known are '],
    ['semicolons', 'username;domain\n', 'people.csv, line 1: the columns are separated by semicolons'],
    ['tabs', 'username\tdomain\n', 'people.csv, line 1: the columns are separated by tabs'],
    ['an open quote', '"username,domain\n', 'people.csv, line 1: A quote is opened and not closed.'],
    ['control characters', 'username,domain,\u001b[31mred\n', 'the column "[31mred" is not known'],
  ])('says what is wrong with a header of %s', async (_name, content, sentence) => {
    await expect(people(content)).rejects.toThrow(sentence)
  })
})
