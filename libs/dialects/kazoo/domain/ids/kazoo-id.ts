import { isUuid } from '#kernel'

const id = /^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/

/** A user's id as clients of Kazoo know it: the UUID without hyphens. */
export function kazooId(uuid: string): string {
  if (!isUuid(uuid)) throw new Error('not a UUID')
  return uuid.replaceAll('-', '')
}

/** The UUID that such an id stands for, or nothing where it's none. */
export function uuidOf(kazooId: string): string | undefined {
  return id.test(kazooId) ? kazooId.replace(id, '$1-$2-$3-$4-$5') : undefined
}
