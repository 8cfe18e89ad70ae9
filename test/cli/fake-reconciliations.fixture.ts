import { type FakeAnswer, type FakeRequest, problem } from './fake-kitter.fixture.ts'

type Wish = Readonly<Record<'scope' | 'apply' | 'adopt' | 'delete', unknown>>

const nothing = { found: 0, mended: 0, left: 0, refused: 0, unsettled: 0 }
const counted = { accounts: 12, communications_users: 11, suspects: 4, checked: 4, busy: 0 }

export interface FakeDifference {
  readonly outcome: keyof typeof nothing
  readonly [field: string]: unknown
}

export function difference(name: string, others: Readonly<Record<string, unknown>> = {}): FakeDifference {
  return {
    ...{ about: 'user', id: `id-of-${name}`, name, domain: 'acme.example' },
    ...{ missing_in: ['keycloak'], fields: [], remedy: 'restore', outcome: 'found', ...others },
  }
}

/** What kitter answers about reconciliations: one that goes from step to step each time it is asked for. */
export class FakeReconciliations {
  readonly id = '01929cc0-4a9f-7c58-b1a5-3f6d6a1f0a11'
  readonly wishes: Wish[] = []
  /** What is said of it instead of what the fake would say, one after the other, the last one from then on. */
  steps: Readonly<Record<string, unknown>>[] = [{ phase: 'accounts', state: 'running' }, {}]
  differences: readonly FakeDifference[] = []
  isCancelled = false
  private asked = 1

  readonly answer = ({ method, path, body }: FakeRequest): FakeAnswer | undefined => {
    const url = new URL(path, 'http://127.0.0.1')
    const [, first, id, action] = url.pathname.split('/')
    if (first !== 'reconciliations') return undefined
    if (method === 'POST' && id === undefined) return this.start(body as Wish)
    if (id === undefined) return { status: 200, body: { reconciliations: [this.described()], total: 1 } }
    if (id !== this.id) return problem(404, 'reconciliation.unknown', 'There is no such reconciliation.')
    if (method === 'POST') return this.cancel()
    return action === 'differences' ? this.page(url.searchParams) : this.find()
  }

  /** How it stands. */
  described(): Readonly<Record<string, unknown>> {
    const differences = { ...nothing }
    for (const { outcome } of this.differences) differences[outcome] += 1
    return {
      ...{ id: this.id, ...this.wishes.at(-1), state: 'done', phase: 'users', counts: counted, differences },
      ...{ started_by: { id: 'olga', name: 'olga' }, started_at: '2026-10-12T10:00:00.000Z' },
      ...this.steps[Math.min(this.asked, this.steps.length) - 1],
      ...(this.isCancelled && { state: 'cancelled' }),
    }
  }

  private start(wish: Wish): FakeAnswer {
    this.wishes.push(wish)
    this.asked = 1
    return { status: 202, body: { reconciliation: this.described() } }
  }

  private find(): FakeAnswer {
    this.asked += 1
    return { status: 200, body: { reconciliation: this.described() } }
  }

  private cancel(): FakeAnswer {
    if (this.described()['state'] !== 'running') {
      return problem(409, 'reconciliation.ended', 'The reconciliation has ended already.')
    }
    this.isCancelled = true
    return { status: 200, body: { reconciliation: this.described() } }
  }

  private page(query: URLSearchParams): FakeAnswer {
    const max = Number(query.get('paginate[max]'))
    const first = max * Number(query.get('paginate[page]'))
    const differences = this.differences.slice(first, first + max)
    return { status: 200, body: { differences, total: this.differences.length } }
  }
}
