const longest = 500

/** Control characters, and those that turn the direction of text, could rewrite what a terminal shows. */
const unprintable = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu

/** Foreign text as one line that a terminal can show. */
export function printable(text: string): string {
  const line = text.toWellFormed().replace(unprintable, ' ').trim()
  return line.length > longest ? `${line.slice(0, longest)}…` : line
}
