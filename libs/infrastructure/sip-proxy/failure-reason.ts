/** Why something failed, for people: of what kitter says of another system the cause, which says what that system said. */
export function failureReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { cause } = error
  if (cause instanceof AggregateError) return failureReason(cause.errors[0])
  return cause instanceof Error && cause.message !== '' ? cause.message : error.message
}
