import { DomainError, isOutcomeUnknown, outcomeUnknown } from '#kernel'

/**
 * The id of what is made at another system, also where only the answer was lost, or the system failed behind it: then what
 * is there is looked for. Where not even that is possible, nobody knows.
 */
export async function madeOrFound(
  system: string,
  making: Promise<string>,
  find: () => Promise<string | undefined>,
): Promise<string> {
  try {
    return await making
  } catch (error) {
    if (!mayBeDone(error)) throw error
    const found = await find().catch(() => {
      throw isOutcomeUnknown(error) ? error : outcomeUnknown(system, error)
    })
    if (found === undefined) throw error
    return found
  }
}

function mayBeDone(error: unknown): boolean {
  return isOutcomeUnknown(error) || (error instanceof DomainError && error.kind === 'refused_elsewhere')
}
