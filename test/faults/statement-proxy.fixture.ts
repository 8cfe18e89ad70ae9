import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { listen } from '../support/listen.ts'
import { StatementConnection } from './statement-connection.fixture.ts'
import type { Traps } from './trap.fixture.ts'

/**
 * Stands before Postgres, with traps for statements and their values. What is caught of a transaction is its commit:
 * before that, nothing has been done.
 */
export class StatementProxy implements AsyncDisposable {
  private readonly connections = new Set<StatementConnection>()
  private readonly server = createServer({ noDelay: true }, (client) => this.connect(client))
  private port = 0
  private isAway = false

  private constructor(
    private readonly target: URL,
    private readonly traps: Traps,
  ) {}

  static async before(databaseUrl: string, traps: Traps): Promise<StatementProxy> {
    const proxy = new StatementProxy(new URL(databaseUrl), traps)
    proxy.port = await listen(proxy.server)
    return proxy
  }

  get url(): string {
    const url = new URL(this.target)
    url.hostname = '127.0.0.1'
    url.port = String(this.port)
    return url.href
  }

  /** Postgres is gone, until it comes back: no connection lives, and none is let in. */
  goAway(): void {
    this.isAway = true
    for (const connection of this.connections) connection.end()
  }

  comeBack(): void {
    this.isAway = false
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.goAway()
    this.server.close()
    await once(this.server, 'close')
  }

  private connect(client: Socket): void {
    client.on('error', () => undefined)
    if (this.isAway) return void client.destroy()
    const connection = new StatementConnection(client, this.target, this.traps)
    this.connections.add(connection)
    void connection.closed.then(() => this.connections.delete(connection))
  }
}
