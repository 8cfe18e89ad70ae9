import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { listen } from './listen.ts'

/** A port that stays the same, before a server that comes, goes, or falls silent. */
export class Door implements AsyncDisposable {
  private readonly sockets = new Set<Socket>()
  private isSilent = false

  private constructor(
    private readonly server: Server,
    private readonly port: number,
    private target: URL,
  ) {
    server.on('connection', (client) => this.connect(client))
  }

  static async before(url: string): Promise<Door> {
    const server = createServer({ pauseOnConnect: true })
    return new Door(server, await listen(server), new URL(url))
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

  /** As if the server weren't running: connections break, and are refused. */
  async shut(): Promise<void> {
    if (!this.server.listening) return
    const closed = once(this.server, 'close')
    this.server.close()
    this.cutAll()
    await closed
  }

  async open(): Promise<void> {
    if (!this.server.listening) await listen(this.server, this.port)
  }

  /** Nothing passes any more, and nobody is told: as when a cable is pulled. */
  fallSilent(): void {
    this.isSilent = true
    for (const socket of this.sockets) socket.pause().unpipe()
  }

  /** Connections that have waited meanwhile are cut, as they are when the other side doesn't know them any more. */
  speakAgain(): void {
    this.isSilent = false
    this.cutAll()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.shut()
  }

  private connect(client: Socket): void {
    this.remember(client)
    if (this.isSilent) return
    const onward = connect(Number(this.target.port), this.target.hostname)
    this.remember(onward)
    client.pipe(onward).pipe(client)
    client.once('close', () => onward.destroy())
    onward.once('close', () => client.destroy())
  }

  private remember(socket: Socket): void {
    this.sockets.add(socket)
    socket.on('error', () => undefined).once('close', () => this.sockets.delete(socket))
  }

  private cutAll(): void {
    for (const socket of this.sockets) socket.destroy()
  }
}
