import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TestKitter } from '../../support/test-kitter.ts'
import { DatabaseLook } from './database-look.fixture.ts'
import { NativeApi } from './native-api.fixture.ts'
import { answer, invalid, invalidBecause, pathsIn, refusal } from './refusal.fixture.ts'

const resources = new AsyncDisposableStack()
let api: NativeApi
let look: DatabaseLook

beforeAll(async () => {
  const kitter = resources.use(await TestKitter.start({ CALLER_ID_ENABLED: 'on' }))
  api = new NativeApi(kitter)
  look = resources.use(await DatabaseLook.into(kitter))
})
afterAll(() => resources.disposeAsync())

async function fill(...names: readonly string[]): Promise<void> {
  for (const name of names) expect((await api.createEntry({ name, value: `value of ${name}` })).status).toBe(201)
}

async function found(query: Record<string, string>): Promise<string[]> {
  const { status, body } = await api.listEntries(query)
  expect(status).toBe(200)
  expect(body.total).toBe(body.entries.length)
  return body.entries.map(({ name }) => name)
}

describe('Creating an entry', () => {
  it('answers 201 with the entry, as Kamailio’s stock table keeps it', async () => {
    const entry = { name: '205', value: '+34912345678' }

    expect(await api.createEntry(entry)).toEqual(answer(201, entry))
    expect(await api.readEntry('205')).toEqual(answer(200, entry))
    expect(await look.rows("SELECT * FROM public.htable WHERE key_name = '205'")).toEqual([
      {
        id: expect.any(Number) as unknown,
        key_name: '205',
        key_type: 0,
        value_type: 0,
        key_value: '+34912345678',
        expires: 0,
      },
    ])
  })

  it.each([
    { name: 'n'.repeat(64), value: 'v'.repeat(128) },
    { name: 'ü'.repeat(64), value: '山'.repeat(128) },
    { name: ' spaces kept ', value: ' and here ' },
    { name: 'a/b?c#d%e&f', value: '<&>"\'\\' },
    { name: '🙂', value: '🎉' },
  ])('keeps $name exactly as given', async (entry) => {
    expect(await api.createEntry(entry)).toEqual(answer(201, entry))
    expect(await api.readEntry(entry.name)).toEqual(answer(200, entry))
    expect((await api.removeEntry(entry.name)).status).toBe(204)
  })

  it('needs both name and value, within their lengths', async () => {
    expect(await api.createEntry({ value: 'x' })).toEqual(invalidBecause('name', 'is required'))
    expect(await api.createEntry({ name: 'x' })).toEqual(invalidBecause('value', 'is required'))
    expect(await api.createEntry({ name: 'n'.repeat(65), value: 'v'.repeat(129) })).toEqual(invalid('name', 'value'))
    expect(await api.createEntry({ name: '', value: '' })).toEqual(invalid('name', 'value'))
    expect(await api.createEntry({ name: null, value: 5 })).toEqual(invalid('name', 'value'))
    expect(await api.createEntry({ name: 'x\n', value: 'nul\u0000' })).toEqual(invalid('name', 'value'))
    const unknown = await api.createEntry({ name: 'x', value: 'y', key_type: 0, entry: {} })
    expect(unknown.status).toBe(400)
    expect(pathsIn(unknown.body)).toEqual(['entry', 'key_type'])
    expect((await api.readEntry('x')).status).toBe(404)
  })

  it('refuses a name that is there already; another case is another name', async () => {
    await fill('Taken')

    expect(await api.createEntry({ name: 'Taken', value: 'other' })).toEqual(
      refusal(409, 'caller_id.name_taken', 'The caller-ID table has an entry named Taken already.'),
    )
    expect((await api.readEntry('Taken')).body.value).toBe('value of Taken')
    await fill('taken')
    expect(await api.readEntry('taken')).toEqual(answer(200, { name: 'taken', value: 'value of taken' }))
  })

  it('makes one of eight that come at once with one name', async () => {
    const values = Array.from({ length: 8 }, (_, index) => `value ${index}`)
    const answers = await Promise.all(values.map((value) => api.createEntry({ name: 'contested', value })))

    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, ...Array<number>(7).fill(409)])
    const created = answers.find(({ status }) => status === 201)!
    expect(await api.readEntry('contested')).toEqual(answer(200, created.body))
    expect(await look.count('public.htable', "key_name = 'contested'")).toBe(1)
  })
})

describe('An entry that isn’t there', () => {
  it.each(['nothing', 'n'.repeat(65), 'n'.repeat(300), '%', ' ', 'a/b', '\u0000'])('is a 404: %j', async (name) => {
    for (const refused of [await api.readEntry(name), await api.removeEntry(name)])
      expect(refused).toEqual(refusal(404, 'caller_id.unknown', 'There is no such entry in the caller-ID table.'))
  })
})

describe('Deleting an entry', () => {
  it('answers 204 without a body, and the name is free again', async () => {
    await fill('fleeting')

    expect(await api.removeEntry('fleeting')).toMatchObject({ status: 204, text: '' })
    expect((await api.removeEntry('fleeting')).status).toBe(404)
    await fill('fleeting')
  })

  it('is done by one of two who come at once', async () => {
    await fill('twice')
    const answers = await Promise.all([api.removeEntry('twice'), api.removeEntry('twice')])

    expect(answers.map(({ status }) => status).toSorted()).toEqual([204, 404])
  })
})

describe('Listing entries', () => {
  it('walks 30 of them in pages of 7, without repeats or gaps, with the total on every page and beyond the end', async () => {
    const letters = ['a', 'B', 'b', '_', '-', '+', '0', 'é', 'ж', ' ']
    const names = letters.flatMap((letter) => [1, 2, 3].map((number) => `walk ${letter}${number}`))
    await fill(...names)

    const walked: string[] = []
    for (let page = 0; page < 6; page += 1) {
      const query = { nameContains: 'walk ', 'paginate[max]': '7', 'paginate[page]': String(page) }
      const { status, body } = await api.listEntries(query)
      expect(status).toBe(200)
      expect(body.total).toBe(30)
      expect(body.entries).toHaveLength([7, 7, 7, 7, 2, 0][page]!)
      walked.push(...body.entries.map(({ name }) => name))
    }
    expect(walked).toEqual(names.toSorted())
  })

  it('shows names and values, 100 on a page unless told otherwise', async () => {
    const names = Array.from({ length: 101 }, (_, index) => `many-${String(index).padStart(3, '0')}`)
    await fill(...names)

    const { body } = await api.listEntries({ nameContains: 'many-' })
    expect(body).toEqual({
      entries: names.slice(0, 100).map((name) => ({ name, value: `value of ${name}` })),
      total: 101,
    })
    expect(await found({ nameContains: 'many-', 'paginate[max]': '1000' })).toEqual(names)
    expect(await api.listEntries({ 'paginate[max]': '1001', 'paginate[page]': '-1' })).toEqual(
      invalid('paginate[max]', 'paginate[page]'),
    )
  })

  it('filters by a part of the name and of the value, in any case, combined with AND', async () => {
    await api.createEntry({ name: 'Filter-One', value: 'Red Apple' })
    await api.createEntry({ name: 'filter-two', value: 'red pear' })

    expect(await found({ nameContains: 'FILTER-' })).toEqual(['Filter-One', 'filter-two'])
    expect(await found({ valueContains: 'RED P' })).toEqual(['filter-two'])
    expect(await found({ nameContains: 'filter', valueContains: 'apple' })).toEqual(['Filter-One'])
    expect(await found({ nameContains: 'two', valueContains: 'apple' })).toEqual([])
  })

  it('takes wildcards literally', async () => {
    await api.createEntry({ name: 'wild_1%', value: 'back\\slash_%' })
    await api.createEntry({ name: 'wildx1x', value: 'backslashxx' })

    expect(await found({ nameContains: 'd_1' })).toEqual(['wild_1%'])
    expect(await found({ nameContains: 'wild%' })).toEqual([])
    expect(await found({ nameContains: '1%' })).toEqual(['wild_1%'])
    expect(await found({ valueContains: 'k\\s' })).toEqual(['wild_1%'])
    expect(await found({ valueContains: 'h_%' })).toEqual(['wild_1%'])
  })

  it('finds every name and value to contain nothing', async () => {
    const { total } = (await api.listEntries()).body

    expect((await api.listEntries({ nameContains: '', valueContains: '' })).body.total).toBe(total)
  })
})

describe('Reloading', () => {
  const inCalls = (): Promise<unknown[]> =>
    look.rows("SELECT htable, value FROM sandbox.sip_proxy_htable WHERE name = 'reloaded'")

  it('brings entries and their ends to the calls, and not sooner', async () => {
    await fill('reloaded')
    expect(await inCalls()).toEqual([])

    expect(await api.reloadEntries()).toEqual(answer(200, { reloaded: 'translation' }))
    expect(await inCalls()).toEqual([{ htable: 'translation', value: 'value of reloaded' }])

    await api.removeEntry('reloaded')
    expect(await inCalls()).toHaveLength(1)
    await api.reloadEntries()
    expect(await inCalls()).toEqual([])
  })

  it('doesn’t stand in the way of an entry of that name', async () => {
    await fill('reload')

    expect(await api.readEntry('reload')).toEqual(answer(200, { name: 'reload', value: 'value of reload' }))
    expect((await api.reloadEntries()).status).toBe(200)
    expect((await api.removeEntry('reload')).status).toBe(204)
    expect((await api.reloadEntries()).status).toBe(200)
  })
})
