import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TestKitter } from '../../support/test-kitter.ts'
import { NativeApi } from './native-api.fixture.ts'
import { refusal } from './refusal.fixture.ts'

const resources = new AsyncDisposableStack()
let api: NativeApi

beforeAll(async () => {
  api = new NativeApi(resources.use(await TestKitter.start()))
})
afterAll(() => resources.disposeAsync())

describe('The caller-ID table, as long as the operator hasn’t switched it on', () => {
  it('answers 404 on every route, whatever is asked', async () => {
    const answers = [
      await api.listEntries(),
      await api.listEntries({ 'paginate[max]': 'nonsense' }),
      await api.createEntry({ name: '205', value: '1' }),
      await api.createEntry({}),
      await api.reloadEntries(),
      await api.readEntry('205'),
      await api.removeEntry('205'),
    ]
    const sentence = 'The caller-ID table is switched off here. Contact your administrator.'

    for (const refused of answers) expect(refused).toEqual(refusal(404, 'caller_id.disabled', sentence))
  })
})
