import { DomainError } from '#kernel'
import type { FoundProblem, Problems } from './problem.ts'
import { problemsOf } from './problems-of.ts'

/** A document, or another part of a request, that can't be as it is: with all that is wrong in Kazoo's form. */
export class InvalidDocument extends DomainError {
  readonly problems: Problems

  constructor(found: readonly FoundProblem[], cause?: unknown) {
    const problems = problemsOf(found)
    const fields = Object.entries(problems).flatMap(([path, codes]) =>
      Object.values(codes).map(({ message }) => ({ path, problem: message })),
    )
    super('invalid', 'request.invalid', 'The request is not valid.', { fields, cause })
    this.problems = problems
  }
}

export function mustHaveNone(found: readonly FoundProblem[]): void {
  if (found.length > 0) throw new InvalidDocument(found)
}
