const lineFeed = 0x0a

/** Looks for lines that are too long, in bytes that come piece by piece. */
export class LineLengths {
  private line = 1
  private length = 0

  constructor(private readonly longest: number) {}

  /** The number of the first line that is too long by now. */
  add(piece: Uint8Array): number | undefined {
    let start = 0
    for (let end = piece.indexOf(lineFeed); end !== -1; end = piece.indexOf(lineFeed, start)) {
      if (this.length + end - start > this.longest) return this.line
      this.line += 1
      this.length = 0
      start = end + 1
    }
    this.length += piece.length - start
    return this.length > this.longest ? this.line : undefined
  }
}
