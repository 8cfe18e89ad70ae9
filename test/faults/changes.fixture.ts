import type { ServiceProcess } from '../e2e/service-process.fixture.ts'
import { until } from '../e2e/until.fixture.ts'

/** Callers who create users, change and remove them, one after the other, as long as it lasts. */
export class Changes implements AsyncDisposable {
  private readonly complaints: string[] = []
  private count = 0
  private isOver = false
  private readonly callers: readonly Promise<void>[]

  constructor(private readonly replica: ServiceProcess) {
    this.callers = [0, 1].map((caller) => this.call(caller))
  }

  /** So many more than now. */
  async made(more: number): Promise<void> {
    const enough = this.count + more
    await until(`${more} changes are made`, () => this.count >= enough)
  }

  /** What was refused, or isn't there as it was answered. */
  async end(): Promise<readonly string[]> {
    this.isOver = true
    await Promise.all(this.callers)
    return this.complaints
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end()
  }

  private async call(caller: number): Promise<void> {
    for (let turn = 0; !this.isOver; turn++) {
      const username = `busy-${caller}-${turn}`
      await this.live(username, turn).catch((error: unknown) => this.complaints.push(`${username}: ${String(error)}`))
    }
  }

  private async live(username: string, turn: number): Promise<void> {
    const attributes = { phone_number: `+34 ${turn}`, colour: 'red' }
    const { user } = (await this.ask('POST', '/users', { user: { username, attributes } })) as { user: { id: string } }
    const path = `/users/${user.id}`
    const change = { first_name: 'New', email: `${username}@example.com`, username: `${username}-new`, enabled: false }
    await this.ask('PATCH', path, change)
    await this.ask('PATCH', path, { first_name: 'Newer' })
    const read = (await this.ask('GET', path)) as { user: Readonly<Record<string, unknown>> }
    const wrong = Object.entries({ ...change, first_name: 'Newer' }).filter(
      ([name, value]) => read.user[name] !== value,
    )
    if (wrong.length > 0) throw new Error(`is ${JSON.stringify(read.user)}`)
    if (turn % 3 === 0) await this.ask('DELETE', path)
  }

  private async ask(method: string, path: string, body?: unknown): Promise<unknown> {
    const reply = await this.replica.call(method, path, body)
    if (reply.status >= 300) throw new Error(`${method} ${path}: ${reply.status} ${reply.text}`)
    if (method !== 'GET') this.count++
    return reply.body
  }
}
