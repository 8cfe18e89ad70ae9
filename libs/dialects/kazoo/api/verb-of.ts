import type { DialectRequest } from '#rest'
import { saidBeside } from '../domain/answers/said-beside.ts'

/** The method that a request stands for: clients that can only POST say it in the query or in the body. */
export function verbOf({ method, originalUrl, body }: Pick<DialectRequest, 'method' | 'originalUrl' | 'body'>): string {
  if (method !== 'POST') return method
  const query = new URLSearchParams(originalUrl.split('?')[1] ?? '').get('verb')
  return (query ?? saidBeside(body, 'verb') ?? method).toUpperCase()
}
