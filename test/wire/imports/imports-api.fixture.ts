import { setTimeout as pause } from 'node:timers/promises'
import { expect } from 'vitest'
import type { Answer, CallOptions, TestKitter } from '../../support/test-kitter.ts'

export interface ImportShape {
  readonly id: string
  readonly state: string
  readonly dry_run: boolean
  readonly on_existing: string
  readonly create_domains: boolean
  readonly rows: Readonly<Record<'read' | 'created' | 'updated' | 'skipped' | 'refused' | 'unsettled', number>>
  readonly domains_created: number
  readonly bytes: { readonly read: number; readonly total: number }
  readonly last_error?: string
}

export interface RowShape {
  readonly row: number
  readonly line: number
  readonly outcome: string
  readonly code?: string
  readonly sentence?: string
  readonly username?: string
}

export type File = string | Uint8Array

interface Wish extends Pick<CallOptions, 'token' | 'headers'> {
  readonly query?: string
  readonly type?: string
}

/** Imports over the API, whichever replica answers. */
export class ImportsApi {
  constructor(
    private readonly kitter: TestKitter,
    private readonly token = kitter.adminToken,
  ) {}

  send(file: File, { query = '', type = 'text/csv', headers = {}, token = this.token }: Wish = {}): Promise<Answer> {
    const all = { 'content-type': type, ...headers }
    return this.kitter.call('POST', `/imports${query === '' ? '' : `?${query}`}`, { raw: file, headers: all, token })
  }

  async start(file: File, wish: Wish = {}): Promise<string> {
    const answer = await this.send(file, wish)
    expect(answer, answer.text).toMatchObject({ status: 202 })
    return answer.body.import.id
  }

  async read(id: string): Promise<ImportShape> {
    return (await this.call('GET', `/imports/${id}`)).body.import
  }

  async ended(id: string, within = 20_000): Promise<ImportShape> {
    const deadline = Date.now() + within
    for (;;) {
      const seen = await this.read(id)
      if (seen.state !== 'running' || Date.now() > deadline) return seen
      await pause(30)
    }
  }

  /** All of it, at its end. */
  async run(
    file: File,
    wish: Wish = {},
    within?: number,
  ): Promise<ImportShape & { readonly told: readonly RowShape[] }> {
    const seen = await this.ended(await this.start(file, wish), within)
    expect(seen).toMatchObject({ state: 'done' })
    return { ...seen, told: await this.rows(seen.id) }
  }

  async rows(id: string, query = ''): Promise<readonly RowShape[]> {
    return (await this.call('GET', `/imports/${id}/rows?paginate[max]=1000${query}`)).body.rows
  }

  call(method: string, path: string, options: CallOptions = {}): Promise<Answer> {
    return this.kitter.call(method, path, { token: this.token, ...options })
  }
}

/** What came of each row, in a word, with the code where there is one. */
export function verdicts(rows: readonly RowShape[]): readonly string[] {
  return rows.map(({ outcome, code }) => (code === undefined ? outcome : `${outcome} ${code}`))
}

export function csv(...lines: readonly string[]): string {
  return `${lines.join('\n')}\n`
}
