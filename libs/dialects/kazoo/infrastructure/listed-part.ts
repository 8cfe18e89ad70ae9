import { listedPaths } from '../domain/listing/summary.ts'

/** An object of a document's parts, by key; `true` is a part as it stands. */
interface Parts {
  readonly [key: string]: Parts | true
}

const parts = listedPaths.reduce<Parts>(withPath, {})
const columns = Object.keys(parts).map((key) => `${key} jsonb`)

/** Of `document`, what the rows of lists are made of, read in one go: what isn't there is left out, and all of it where there is no document. */
export const listedPart = `
  CASE WHEN document IS NOT NULL THEN (
    SELECT jsonb_strip_nulls(${built(parts, (key) => `part.${key}`)}) FROM jsonb_to_record(document) AS part(${columns.join(', ')})
  ) END`

function withPath(all: Parts, [first = '', ...rest]: readonly string[]): Parts {
  if (rest.length === 0) return { ...all, [first]: true }
  const below = all[first]
  return { ...all, [first]: withPath(below === undefined || below === true ? {} : below, rest) }
}

function built(of: Parts, at: (key: string) => string): string {
  const pairs = Object.entries(of).map(([key, below]) => {
    const place = at(key)
    return `'${key}', ${below === true ? place : built(below, (name) => `(${place} -> '${name}')`)}`
  })
  return `jsonb_build_object(${pairs.join(', ')})`
}
