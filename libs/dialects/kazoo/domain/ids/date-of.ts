/** From the start of the year 0, from which Kazoo counts, to that of 1970. */
const untilUnix = 62_167_219_200

export function dateOf(gregorianSeconds: number): Date {
  return new Date((gregorianSeconds - untilUnix) * 1000)
}
