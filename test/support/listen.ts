import { once } from 'node:events'
import type { AddressInfo, Server } from 'node:net'

/** On a port that is free, or once more on the one that it had; tells which. */
export async function listen(server: Server, port = 0): Promise<number> {
  await once(server.listen(port, '127.0.0.1'), 'listening')
  return (server.address() as AddressInfo).port
}
