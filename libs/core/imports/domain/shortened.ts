/** As much of what a file says as one needs to find it there, on one line. */
export function shortened(said: string, most = 60): string {
  const line = said.toWellFormed().replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, ' ')
  return line.length > most ? `${line.slice(0, most).toWellFormed()}…` : line
}
