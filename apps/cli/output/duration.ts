const minute = 60
const hour = 60 * minute

/** "8 s", "3 min", "2 h 5 min". */
export function duration(seconds: number): string {
  if (seconds < 2 * minute) return `${Math.ceil(seconds)} s`
  if (seconds < 2 * hour) return `${Math.round(seconds / minute)} min`
  const minutes = Math.round((seconds % hour) / minute)
  return `${Math.floor(seconds / hour)} h${minutes === 0 ? '' : ` ${minutes} min`}`
}
