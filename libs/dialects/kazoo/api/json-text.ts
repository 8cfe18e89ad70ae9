import { type DialectRequest, queryIn } from '#rest'

/** As people read it, where they want it so. */
export function jsonText(value: unknown, request: Pick<DialectRequest, 'headers' | 'originalUrl'>): string {
  return isForPeople(request) ? `${JSON.stringify(value, undefined, 4)}\n` : JSON.stringify(value)
}

function isForPeople(request: Pick<DialectRequest, 'headers' | 'originalUrl'>): boolean {
  const query = queryIn(request).get('pretty_print')
  return (query ?? request.headers['x-pretty-print']) === 'true'
}
