import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/** A port that stays the same, before a server that isn't running while it is shut: connections break, and are refused. */
export class Door implements AsyncDisposable {
  private readonly sockets = new Set<Socket>()
  private readonly server: Server
  private target: URL
  private readonly port: number

  private constructor(server: Server, target: URL) {
    this.server = server
    this.target = target
    this.port = (server.address() as AddressInfo).port
    server.on('connection', (client) => this.connect(client))
  }

  static async before(url: string): Promise<Door> {
    const server = createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new Door(server, new URL(url))
  }

  /** The target's, by way of the door. */
  get url(): string {
    const url = new URL(this.target)
    url.port = String(this.port)
    return url.href.replace(/\/$/, '')
  }

  /** The server has another address now. */
  leadTo(url: string): void {
    this.target = new URL(url)
  }

  async shut(): Promise<void> {
    if (!this.server.listening) return
    const closed = once(this.server, 'close')
    this.server.close()
    for (const socket of this.sockets) socket.destroy()
    await closed
  }

  async open(): Promise<void> {
    if (this.server.listening) return
    this.server.listen(this.port, '127.0.0.1')
    await once(this.server, 'listening')
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.shut()
  }

  private connect(client: Socket): void {
    const onward = connect(Number(this.target.port), this.target.hostname)
    for (const socket of [client, onward]) {
      this.sockets.add(socket)
      socket.on('error', () => undefined).once('close', () => this.sockets.delete(socket))
    }
    client.pipe(onward).pipe(client)
    client.once('close', () => onward.destroy())
    onward.once('close', () => client.destroy())
  }
}
