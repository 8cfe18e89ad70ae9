import type { TestKitter } from '../../support/test-kitter.ts'

export interface Outcome {
  readonly kind: 'create' | 'read'
  readonly username?: string
  readonly id?: string
  /** Undefined where there was no answer. */
  readonly status: number | undefined
  readonly retryAfter: string | null
  readonly ms: number
}

/** Callers who create users and read them, one request after the other, and write down what becomes of it. */
export class Load {
  readonly outcomes: Outcome[] = []
  private ended = false
  private readonly callers: Promise<void>[]
  private readonly kitter: TestKitter

  constructor(
    kitter: TestKitter,
    callers: number,
    private readonly prefix: string,
  ) {
    this.kitter = kitter
    this.callers = Array.from({ length: callers }, (_, caller) => this.call(caller))
  }

  successes(kind: Outcome['kind']): number {
    return this.outcomes.filter((outcome) => outcome.kind === kind && (outcome.status ?? 500) < 300).length
  }

  async end(): Promise<readonly Outcome[]> {
    this.ended = true
    await Promise.all(this.callers)
    return this.outcomes
  }

  private async call(caller: number): Promise<void> {
    for (let turn = 0; !this.ended; turn++) {
      const username = `${this.prefix}-${caller}-${turn}`
      await this.note({ kind: 'create', username }, 'POST', '/users', { user: { username } })
      await this.note({ kind: 'read' }, 'GET', '/users?paginate[max]=10')
    }
  }

  private async note(about: Pick<Outcome, 'kind' | 'username'>, method: string, path: string, body?: unknown) {
    const begun = performance.now()
    const answer = await this.kitter.call(method, path, { body }).catch(() => undefined)
    const id: unknown = answer?.body?.user?.id
    this.outcomes.push({
      ...about,
      ...(typeof id === 'string' && { id }),
      status: answer?.status,
      retryAfter: answer?.headers.get('retry-after') ?? null,
      ms: performance.now() - begun,
    })
  }
}
