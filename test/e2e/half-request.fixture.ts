import { connect } from 'node:net'
import type { ServiceProcess } from './service-process.fixture.ts'

/** A client that never sends the end of its request. Settles when its connection is cut. */
export function sendHalfARequest({ url, adminToken }: ServiceProcess): Promise<unknown> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  const head = `POST /users HTTP/1.1\r\nhost: kitter\r\nauthorization: Bearer ${adminToken}\r\ncontent-type: application/json`
  socket.write(`${head}\r\ncontent-length: 100\r\n\r\n{"user":`)
  return new Promise((resolve) => socket.once('error', resolve).once('close', resolve))
}
