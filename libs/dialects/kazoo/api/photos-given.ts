import type { MuchGiven } from '#rest'

/** Photos of 8 MB are three times as much while they come from Postgres. */
export const photosGiven: MuchGiven = { atOnce: 6, toEach: 2 }
