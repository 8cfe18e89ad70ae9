import { isPlainObject } from '#kernel'
import type { MuchGiven } from '#rest'
import { isWhole } from '../domain/listing/list-query.ts'

/** Lists of 32 MiB are several times as much while they are made. */
export const wholeListsGiven: MuchGiven = {
  atOnce: 2,
  toEach: 1,
  isWanted: ({ query }) => isPlainObject(query) && isWhole(query),
}
