import type { DomainError } from '#kernel'
import { StatementError } from '#infrastructure/postgres'

/** Does a write, and translates the constraints that it may violate, by their names, to refusals. */
export async function refusing<Result>(
  refusals: Readonly<Record<string, () => DomainError>>,
  write: Promise<Result>,
): Promise<Result> {
  try {
    return await write
  } catch (error) {
    const refusal = error instanceof StatementError ? refusals[error.constraint ?? ''] : undefined
    throw refusal === undefined ? error : refusal()
  }
}
