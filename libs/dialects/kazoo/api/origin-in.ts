import type { Origin } from '#kernel'
import type { DialectRequest } from '#rest'

/** What a proxy says of a client is anything: only an address is one. */
const address = /^[0-9a-f:.]{2,45}(%\w{1,16})?$/i

export function originIn({ ip, id }: Pick<DialectRequest, 'ip' | 'id'>): Origin {
  return { address: address.test(ip) ? ip.replace(/^::ffff:(?=\d+\.)/i, '') : 'unknown', requestId: id }
}
