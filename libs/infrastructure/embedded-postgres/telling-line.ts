const verdict = /(?:FATAL|PANIC|ERROR|error): +(.+)$/

/** Of what Postgres or one of its tools has said, the last verdict, or else the last line. */
export function tellingLine(said: string): string | undefined {
  const lines = said.split('\n').filter((line) => line.trim() !== '')
  return lines.findLast((line) => verdict.test(line))?.match(verdict)?.[1] ?? lines.at(-1)?.trim()
}
