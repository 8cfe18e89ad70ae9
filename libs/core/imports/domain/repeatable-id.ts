import { createHash } from 'node:crypto'

/**
 * The id under which a change of an import is entered in the journal: the same each time the row comes, whichever replica
 * makes it. A UUID of version 8, whose bits are for the application to say (RFC 9562).
 */
export function repeatableId(importId: string, ...what: readonly (string | number)[]): string {
  const digest = createHash('sha256')
    .update([importId, ...what].join('\n'))
    .digest()
  digest[6] = (digest.readUInt8(6) & 0x0f) | 0x80
  digest[8] = (digest.readUInt8(8) & 0x3f) | 0x80
  const hex = digest.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-')
}
