import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'

/** Somebody who takes every call and says nothing. */
export class Silence implements AsyncDisposable {
  private readonly sockets = new Set<Socket>()
  visits = 0

  private constructor(private readonly server: Server) {
    server.on('connection', (socket) => {
      this.visits++
      this.sockets.add(socket.on('error', () => undefined))
    })
  }

  static async start(): Promise<Silence> {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new Silence(server)
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.sockets) socket.destroy()
    this.server.close()
    await once(this.server, 'close')
  }
}
