import { stringify } from 'csv-stringify/sync'

/** A line of a CSV file with the cells as they are, for reading them back. */
export function csvLine(cells: readonly string[]): string {
  return stringify([[...cells]], { quoted_match: /[\r\n]/ })
}
