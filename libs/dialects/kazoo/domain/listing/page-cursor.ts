import { isPlainObject, isUuid, jsonIn } from '#kernel'

/** The row with which the next page begins, in the order of a list. Users may have the same names, so their id stands behind. */
export interface PageCursor {
  /** What the list is ordered by. */
  readonly sortKey: string
  /** The user's UUID. */
  readonly id: string
}

const longestKey = 1000

/** The text that clients hand back for the next page, and needn't understand. */
export function cursorText({ sortKey, id }: PageCursor): string {
  return Buffer.from(JSON.stringify({ k: sortKey, i: id })).toString('base64url')
}

/** The cursor that a text stands for, or nothing where kitter can't have made it. */
export function cursorIn(text: string): PageCursor | undefined {
  const read = jsonIn(Buffer.from(text, 'base64url').toString())
  if (!isPlainObject(read)) return undefined
  const { k: sortKey, i: id } = read
  if (typeof sortKey !== 'string' || typeof id !== 'string') return undefined
  const isSound = isUuid(id) && sortKey.length <= longestKey && sortKey.isWellFormed() && !sortKey.includes('\0')
  const cursor = { sortKey, id }
  return isSound && cursorText(cursor) === text ? cursor : undefined
}
