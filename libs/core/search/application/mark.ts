import { createHmac, timingSafeEqual } from 'node:crypto'
import { jsonIn } from '#kernel'
import type { Position } from './user-search.ts'

const sealBytes = 16

/** No mark is longer: an address has to have room for it, also at the servers in front of kitter. */
export const longestMark = 4096

/** Says where a page ended, sealed together with the search that it belongs to. */
export function markOf(position: Position, search: string, key: Buffer): string {
  const content = Buffer.from(JSON.stringify([position.key, position.id]))
  const mark = Buffer.concat([sealOf(content, search, key), content]).toString('base64url')
  if (mark.length > longestMark)
    throw new Error(`a mark of ${mark.length} characters would be refused when it comes back`)
  return mark
}

/** Nothing where the mark is none that kitter made for this search. */
export function positionOf(mark: string, search: string, key: Buffer): Position | undefined {
  const bytes = Buffer.from(mark, 'base64url')
  const [seal, content] = [bytes.subarray(0, sealBytes), bytes.subarray(sealBytes)]
  if (seal.length < sealBytes || bytes.toString('base64url') !== mark) return undefined
  return timingSafeEqual(seal, sealOf(content, search, key)) ? positionIn(content) : undefined
}

function sealOf(content: Buffer, search: string, key: Buffer): Buffer {
  const whose = createHmac('sha256', key).update(search).digest()
  return createHmac('sha256', whose).update(content).digest().subarray(0, sealBytes)
}

function positionIn(content: Buffer): Position | undefined {
  const parts: unknown = jsonIn(content.toString())
  const list: readonly unknown[] = Array.isArray(parts) ? parts : []
  const [key, id] = list
  return typeof key === 'string' && typeof id === 'string' ? { key, id } : undefined
}
