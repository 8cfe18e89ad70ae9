import { InvalidDocument } from './invalid-document.ts'
import type { Problems } from './problem.ts'

/** What somebody is told who asks for this; nothing where it's fine. */
export function problemsIn(ask: () => unknown): Problems {
  try {
    ask()
    return {}
  } catch (error) {
    if (error instanceof InvalidDocument) return error.problems
    throw error
  }
}
