import { createHash } from 'node:crypto'

const codes = Array.from({ length: 0xffdc - 0xa0 }, (_, index) => index + 0xa0)
const letters = codes
  .map((code) => String.fromCharCode(code))
  .filter((letter) => letter.isWellFormed() && !/[\s<>]/u.test(letter + letter.normalize('NFKD')))

const foldedBytes = (letter: string): number => Buffer.byteLength(letter.normalize('NFKC'))
const digest = (letter: string): string => createHash('md5').update(letter).digest('hex')

function shuffled(list: readonly string[]): readonly string[] {
  return list.toSorted((one, other) => (digest(one) < digest(other) ? -1 : 1))
}

const others = shuffled(letters.filter((letter) => /[\u4e00-\u9fa5]/u.test(letter)))

/** Many different ones, in no order, each of three bytes. */
export const ideographs = others.join('')

/** Names of 255 characters that become much longer when they are folded, and that hardly compress. */
export function expandingNames(): { readonly firstName: string; readonly lastName: string } {
  const expanding = letters.toSorted((one, other) => foldedBytes(other) - foldedBytes(one)).slice(0, 300)
  const both = shuffled([...expanding, ...others.slice(0, 210)]).join('')
  return { firstName: both.slice(0, 255), lastName: both.slice(255) }
}
