import type { DialectRequest } from '#rest'

/** Whether the client takes one of the types; clients that can't set the header say it in the query. */
export function accepts({ headers, originalUrl }: DialectRequest, types: readonly string[]): boolean {
  const query = new URLSearchParams(originalUrl.split('?')[1] ?? '').get('accept')
  const header = query ?? headers['accept']
  if (typeof header !== 'string' || header.trim() === '') return true
  return header.split(',').some((range) => types.some((type) => includes(range, type)))
}

/** `text/*;q=0.5` includes `text/x-vcard`; with `q=0` it excludes it. */
function includes(range: string, type: string): boolean {
  const [name = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase())
  if (parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter))) return false
  return name === '*/*' || name === type || (name.endsWith('/*') && type.startsWith(name.slice(0, -1)))
}
