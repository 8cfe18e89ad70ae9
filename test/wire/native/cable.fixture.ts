import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'

/** A cable between kitter and its Postgres, to be cut and mended. */
export class Cable implements AsyncDisposable {
  /** Leads through the cable to the same database. */
  readonly url: string
  private readonly server: Server
  private readonly sockets: Set<Socket>
  private isCut = false

  private constructor(url: string, server: Server, sockets: Set<Socket>) {
    this.url = url
    this.server = server
    this.sockets = sockets
    server.on('connection', (socket) => {
      if (this.isCut) socket.destroy()
    })
  }

  static async to(databaseUrl: string): Promise<Cable> {
    const url = new URL(databaseUrl)
    const { hostname, port } = url
    const sockets = new Set<Socket>()
    const server = createServer((near) => {
      const far = connect(Number(port), hostname)
      for (const [socket, other] of [
        [near, far],
        [far, near],
      ] as const) {
        sockets.add(socket)
        socket.on('error', () => undefined)
        socket.on('close', () => {
          sockets.delete(socket)
          other.destroy()
        })
        socket.pipe(other)
      }
    })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    url.hostname = '127.0.0.1'
    url.port = String((server.address() as AddressInfo).port)
    return new Cable(url.href, server, sockets)
  }

  cut(): void {
    this.isCut = true
    for (const socket of this.sockets) socket.destroy()
  }

  mend(): void {
    this.isCut = false
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.close()
    this.cut()
    await once(this.server, 'close')
  }
}
