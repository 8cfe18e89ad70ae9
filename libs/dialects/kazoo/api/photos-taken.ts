import type { BytesTaken } from '#rest'
import { verbOf } from './verb-of.ts'

/** Photos of 8,000,000 bytes have so many in base64, with line ends and the beginning of a `data:` URL. */
const mostInBase64 = 11_100_000

export const photosTaken: BytesTaken = {
  types: [
    ...['application/octet-stream', 'application/base64', 'text/csv', 'text/html'],
    ...['image/jpeg', 'image/png', 'image/gif', 'image/webp'],
  ],
  most: mostInBase64,
  isBrought: (request) => verbOf(request) === 'POST',
}
