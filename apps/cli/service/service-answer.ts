import { isPlainObject } from '#kernel'
import { printable } from '../output/printable.ts'

/** An answer to be judged by who asked. */
export interface ServiceAnswer {
  readonly status: number
  readonly body: unknown
  /** What went wrong, for programs; only in kitter's own errors. */
  readonly code: string | undefined
  /** What went wrong, for people, fit for a terminal. */
  readonly sentence: string
}

export function serviceAnswer(status: number, body: unknown, secret: string): ServiceAnswer {
  const { error, code } = isPlainObject(body) ? body : {}
  const known = typeof error === 'string' && typeof code === 'string'
  return {
    status,
    body,
    code: known ? code : undefined,
    sentence: known ? printable(error.replaceAll(secret, '…')) : `The service answered ${status} without saying why.`,
  }
}
