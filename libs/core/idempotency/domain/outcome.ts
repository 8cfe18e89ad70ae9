import { DomainError, type ErrorKind, type FieldProblem } from '#kernel'

/** What became of a request, as plain JSON. */
export type Outcome = { readonly result: unknown } | { readonly failure: Failure }

export interface Failure {
  readonly kind: ErrorKind
  readonly code: string
  readonly message: string
  readonly fields?: readonly FieldProblem[] | undefined
}

/** Such failures would be the same again. Others are about the moment, the caller's rights or a request that is mended. */
const finalKinds: readonly ErrorKind[] = ['unknown', 'conflict', 'unprocessable']

/** The failure to keep, where asking again in the same words would change nothing. */
export function finalFailure(error: unknown): Failure | undefined {
  if (!(error instanceof DomainError) || !finalKinds.includes(error.kind)) return undefined
  if (error.code === 'operation.in_progress') return undefined
  const { kind, code, message, details } = error
  return { kind, code, message, fields: details.fields }
}

export function errorOf({ fields, ...failure }: Failure): DomainError {
  return DomainError.restore({ ...failure, details: fields === undefined ? {} : { fields } })
}
