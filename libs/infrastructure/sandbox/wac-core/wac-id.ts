import { randomBytes } from 'node:crypto'

/** As MongoDB's ObjectIds look: 24 hex digits. */
export function newWacId(): string {
  return randomBytes(12).toString('hex')
}
