import { DomainError } from '#kernel'

/** Removes something, by whomever: what another system doesn't have any more is as gone as it should be. */
export async function goneEither(removal: Promise<void>): Promise<void> {
  try {
    await removal
  } catch (error) {
    if (!(error instanceof DomainError) || error.kind !== 'unknown') throw error
  }
}
