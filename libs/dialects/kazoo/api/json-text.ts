import type { DialectRequest } from '#rest'

/** As people read it, where they want it so. */
export function jsonText(value: unknown, request: Pick<DialectRequest, 'headers' | 'originalUrl'>): string {
  return isForPeople(request) ? `${JSON.stringify(value, undefined, 4)}\n` : JSON.stringify(value)
}

function isForPeople({ headers, originalUrl }: Pick<DialectRequest, 'headers' | 'originalUrl'>): boolean {
  const query = new URLSearchParams(originalUrl.split('?')[1] ?? '').get('pretty_print')
  return (query ?? headers['x-pretty-print']) === 'true'
}
