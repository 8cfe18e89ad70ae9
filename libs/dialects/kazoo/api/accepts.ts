import { type DialectRequest, queryIn } from '#rest'

/** Whether the client takes one of the types; clients that can't set the header say it in the query. */
export function accepts(request: DialectRequest, types: readonly string[]): boolean {
  const said = queryIn(request).get('accept')
  const wanted = said ?? request.headers['accept']
  if (typeof wanted !== 'string' || wanted.trim() === '') return true
  return wanted.split(',').some((range) => types.some((type) => includes(range, type)))
}

/** `text/*;q=0.5` includes `text/x-vcard`; with `q=0` it excludes it. */
function includes(range: string, type: string): boolean {
  const [name = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase())
  if (parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter))) return false
  return name === '*/*' || name === type || (name.endsWith('/*') && type.startsWith(name.slice(0, -1)))
}
