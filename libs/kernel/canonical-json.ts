/** A piece of the text, between values. */
class Sign {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

const comma = new Sign(',')

/**
 * JSON in which objects have their keys in order, so that whatever means the same is the same text: to be compared, and not
 * to be parsed, for there are commas at every end. Without recursion: a megabyte of brackets would overflow the stack.
 */
export function canonicalJson(value: unknown): string {
  const text: string[] = []
  const left: unknown[] = [value]
  while (left.length > 0) {
    const next = left.pop()
    if (next instanceof Sign) text.push(next.text)
    else if (typeof next === 'object' && next !== null)
      for (const piece of piecesOf(next).toReversed()) left.push(piece)
    else text.push(scalar(next))
  }
  return text.join('')
}

function piecesOf(value: object): readonly unknown[] {
  const pieces: unknown[] = []
  if (isList(value)) {
    for (const item of value) pieces.push(item, comma)
    return [new Sign('['), ...pieces, new Sign(']')]
  }
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))
  for (const [key, item] of entries)
    if (item !== undefined) pieces.push(new Sign(`${JSON.stringify(key)}:`), item, comma)
  return [new Sign('{'), ...pieces, new Sign('}')]
}

function isList(value: object): value is readonly unknown[] {
  return Array.isArray(value)
}

function scalar(value: unknown): string {
  return value === undefined ? 'undefined' : JSON.stringify(value)
}
