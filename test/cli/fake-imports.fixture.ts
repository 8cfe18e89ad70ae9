import { type FakeAnswer, type FakeRequest, problem } from './fake-kitter.fixture.ts'

const nothing = { read: 0, created: 0, updated: 0, skipped: 0, refused: 0, unsettled: 0 }

export interface FakeUpload {
  readonly query: Readonly<Record<string, string>>
  readonly content: string
  readonly headers: FakeRequest['headers']
}

export interface FakeRefusal {
  readonly row: number
  readonly line: number
  readonly [field: string]: unknown
}

/** What kitter answers about imports: one that goes from step to step each time it is asked for. */
export class FakeImports {
  readonly id = '7b1f3f0e-2a43-4d2c-9a55-6d3c1e8f9b42'
  readonly path = `/imports/${this.id}`
  readonly uploads: FakeUpload[] = []
  /** What is said of it instead of what the fake would say, one after the other, the last one from then on. */
  steps: Readonly<Record<string, unknown>>[] = [{ state: 'running' }, {}]
  rows: Partial<typeof nothing> = {}
  refused: readonly FakeRefusal[] = []
  /** How many bytes its file had. */
  size = 0
  isCancelled = false
  private asked = 1

  readonly answer = ({ method, path, body, headers }: FakeRequest): FakeAnswer | undefined => {
    const url = new URL(path, 'http://127.0.0.1')
    const [, first, id, action] = url.pathname.split('/')
    if (first !== 'imports') return undefined
    if (id === undefined)
      return this.start({ query: Object.fromEntries(url.searchParams), content: String(body), headers })
    if (id !== this.id) return problem(404, 'import.unknown', 'There is no such import.')
    if (action === 'cancel') return this.cancel()
    if (action === 'resume') return this.resume()
    if (action === 'rows') return this.page(url.searchParams)
    this.asked += method === 'GET' ? 1 : 0
    return this.told(200)
  }

  /** How it stands. */
  described(): Readonly<Record<string, unknown>> {
    const { query = {} } = this.uploads.at(-1) ?? {}
    const refused = this.refused.length
    return {
      ...{ id: this.id, state: 'done', format: 'csv', on_existing: 'skip', started_at: '2026-10-12T10:00:00.000Z' },
      ...{ dry_run: query['dry_run'] === 'true', create_domains: query['create_domains'] === 'true' },
      ...{ rows: { ...nothing, refused, ...this.rows }, domains_created: 0, rows_per_second: 700 },
      ...{ bytes: { read: this.size, total: this.size }, started_by: { id: 'olga', name: 'olga' } },
      ...this.steps[Math.min(this.asked, this.steps.length) - 1],
      ...(this.isCancelled && { state: 'cancelled' }),
    }
  }

  private start(upload: FakeUpload): FakeAnswer {
    this.uploads.push(upload)
    this.asked = 1
    this.size = Buffer.byteLength(upload.content)
    return this.told(202)
  }

  private cancel(): FakeAnswer {
    if (this.described()['state'] !== 'running') return problem(409, 'import.ended', 'The import has ended already.')
    this.isCancelled = true
    return this.told(200)
  }

  private resume(): FakeAnswer {
    if (this.described()['state'] !== 'paused') return problem(409, 'import.not_paused', 'The import is not paused.')
    this.steps = [{}]
    return this.told(200)
  }

  private told(status: number): FakeAnswer {
    return { status, body: { import: this.described() } }
  }

  private page(query: URLSearchParams): FakeAnswer {
    const max = Number(query.get('paginate[max]'))
    const first = max * Number(query.get('paginate[page]'))
    const rows = query.get('outcome') === 'refused' ? this.refused.slice(first, first + max) : []
    return {
      status: 200,
      body: { rows: rows.map((row) => ({ outcome: 'refused', ...row })), total: this.refused.length },
    }
  }
}
