export interface NotedProblem {
  readonly code: string
  /** What the log has to say of it: where it's more than the caller's own mistake. */
  readonly error?: unknown
}

const problems = new WeakMap<object, NotedProblem>()

/** Leaves what went wrong with a request where its log line finds it. */
export function noteProblem(request: object, problem: NotedProblem): void {
  problems.set(request, problem)
}

export function notedProblem(request: object): NotedProblem | undefined {
  return problems.get(request)
}
