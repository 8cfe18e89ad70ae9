const longest = 75

/** The text of a card. Lines have at most 75 bytes; what is longer goes on in the next line, without a space before it, as Kazoo does it. */
export function vcardLines(lines: readonly (string | undefined | false)[]): string {
  const said = lines.filter((line) => typeof line === 'string')
  return said
    .flatMap(broken)
    .map((line) => `${line}\n`)
    .join('')
}

/** Never within a character: half of one is no UTF-8. */
function broken(line: string): readonly string[] {
  const bytes = Buffer.from(line)
  const pieces: string[] = []
  for (let from = 0; from < bytes.length;) {
    const to = endOfPiece(bytes, from)
    pieces.push(bytes.toString('utf8', from, to))
    from = to
  }
  return pieces
}

function endOfPiece(bytes: Buffer, from: number): number {
  let end = Math.min(from + longest, bytes.length)
  while (isWithinCharacter(bytes[end])) end -= 1
  return end
}

function isWithinCharacter(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80
}
