/** Why a call failed, down to the reason that is of use to an operator. */
export function describeFailure(error: unknown): string {
  if (!(error instanceof Error)) return 'for an unknown reason'
  return error.cause === undefined ? error.message : describeFailure(error.cause)
}
