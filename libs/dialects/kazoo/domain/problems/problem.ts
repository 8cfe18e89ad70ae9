/** What is wrong with one value, as clients of Kazoo show it. */
export interface Problem {
  readonly message: string
  /** What was asked for. */
  readonly target?: unknown
  /** What was given instead. */
  readonly cause?: unknown
  readonly value?: unknown
  readonly format?: string
}

/** One of all that is wrong with a document. */
export interface FoundProblem {
  readonly path: readonly string[]
  readonly code: string
  readonly problem: Problem
}

/** What is wrong, by the dotted path of the value and then by code: `{"hotdesk.pin": {"minLength": {…}}}`. */
export type Problems = Readonly<Record<string, Readonly<Record<string, Problem>>>>
