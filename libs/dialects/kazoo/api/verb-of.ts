import type { DialectRequest } from '#rest'
import { requestEnvelope } from '../domain/answers/request-envelope.ts'

/** The method that a request stands for: clients that can only POST say it in the query or in the body. */
export function verbOf({ method, originalUrl, body }: Pick<DialectRequest, 'method' | 'originalUrl' | 'body'>): string {
  if (method !== 'POST') return method
  const query = new URLSearchParams(originalUrl.split('?')[1] ?? '').get('verb')
  return (query ?? verbIn(body) ?? method).toUpperCase()
}

/** A body that makes no sense has none, nor have bytes. */
function verbIn(body: unknown): string | undefined {
  try {
    return Buffer.isBuffer(body) ? undefined : requestEnvelope(body).verb
  } catch {
    return undefined
  }
}
