import { type DialectRequest, queryIn } from '#rest'
import { saidBeside } from '../domain/answers/said-beside.ts'

/** The method that a request stands for: clients that can only POST say it in the query or in the body. */
export function verbOf(request: Pick<DialectRequest, 'method' | 'originalUrl' | 'body'>): string {
  const { method, body } = request
  if (method !== 'POST') return method
  return (queryIn(request).get('verb') ?? saidBeside(body, 'verb') ?? method).toUpperCase()
}
