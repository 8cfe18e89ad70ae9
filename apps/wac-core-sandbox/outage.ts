import { once } from 'node:events'
import type { Server } from 'node:http'

/** Lets nobody in for a while: connections are refused, as of a wac-core that isn't running. */
export class Outage {
  private readonly server: Server
  private at: { readonly port: number; readonly host: string } | undefined
  private timer: NodeJS.Timeout | undefined

  constructor(server: Server) {
    this.server = server
  }

  /** Until it's ended, or for so long. */
  begin(forMs?: number): void {
    const address = this.server.address()
    if (address === null || typeof address === 'string') return
    this.at = { port: address.port, host: address.address }
    this.server.close()
    this.server.closeAllConnections()
    if (forMs !== undefined) this.timer = setTimeout(() => void this.end(), forMs)
  }

  async end(): Promise<void> {
    clearTimeout(this.timer)
    const at = this.at
    if (at === undefined) return
    this.at = undefined
    this.server.listen(at)
    await once(this.server, 'listening')
  }

  /** Nobody is let in any more. */
  forget(): void {
    clearTimeout(this.timer)
    this.at = undefined
  }
}
