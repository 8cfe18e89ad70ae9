import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/** A port that stays the same, before a server that comes, goes, or falls silent. */
export class Gate implements AsyncDisposable {
  private readonly sockets = new Set<Socket>()
  private isSilent = false

  private constructor(
    private readonly server: Server,
    private target: string,
  ) {
    server.on('connection', (client) => this.connect(client))
  }

  static async before(url: string): Promise<Gate> {
    const server = createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new Gate(server, url)
  }

  /** The target's, by way of the gate. */
  get url(): string {
    const url = new URL(this.target)
    url.port = String((this.server.address() as AddressInfo).port)
    return url.href
  }

  leadTo(url: string): void {
    this.target = url
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

  async [Symbol.asyncDispose](): Promise<void> {
    this.cutAll()
    this.server.close()
    await once(this.server, 'close')
  }

  private connect(client: Socket): void {
    this.remember(client)
    if (this.isSilent) return
    const { hostname, port } = new URL(this.target)
    const server = connect(Number(port), hostname)
    this.remember(server)
    client.pipe(server).pipe(client)
    client.once('close', () => server.destroy())
    server.once('close', () => client.destroy())
  }

  private remember(socket: Socket): void {
    this.sockets.add(socket)
    socket.on('error', () => undefined).once('close', () => this.sockets.delete(socket))
  }

  private cutAll(): void {
    for (const socket of this.sockets) socket.destroy()
  }
}
