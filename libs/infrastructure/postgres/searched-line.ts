import type { SearchedField } from '#core/search'

/** Which line of `searched` has the folded text of a field. */
const lines: Readonly<Record<SearchedField, number>> = {
  username: 1,
  email: 2,
  first_name: 3,
  last_name: 4,
  phone_number: 5,
}

export function searchedLine(field: SearchedField): string {
  return `split_part(searched, E'\\n', ${lines[field]})`
}

/** What stands around the field's line in `searched`, in LIKE patterns. */
export function aroundLine(field: SearchedField): { readonly before: string; readonly behind: string } {
  return { before: lines[field] === 1 ? `''` : `E'%\\n'`, behind: lines[field] === 5 ? `''` : `E'\\n%'` }
}
