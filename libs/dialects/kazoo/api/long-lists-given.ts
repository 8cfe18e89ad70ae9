import { isPlainObject } from '#kernel'
import type { MuchGiven } from '#rest'
import { isLong } from '../domain/listing/list-query.ts'

/** Lists of 32 MiB are several times as much while they are made; pages of 1,000 rows may have 9 MB. */
export const longListsGiven: MuchGiven = {
  atOnce: 2,
  toEach: 1,
  isWanted: ({ query }) => isPlainObject(query) && isLong(query),
}
