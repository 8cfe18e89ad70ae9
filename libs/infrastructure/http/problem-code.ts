const codes = new WeakMap<object, string>()

/** Leaves the code of a request's error where its log line finds it. */
export function noteProblem(request: object, code: string): void {
  codes.set(request, code)
}

export function problemCodeOf(request: object): string | undefined {
  return codes.get(request)
}
