/** One thing that is wrong with one value of a request. `path` is dotted, `''` is the value itself. */
export interface FieldProblem {
  readonly path: string
  readonly problem: string
}

export function below(parent: string, problems: readonly FieldProblem[]): FieldProblem[] {
  return problems.map(({ path, problem }) => ({ path: joinPath(parent, path), problem }))
}

function joinPath(parent: string, path: string): string {
  return path === '' ? parent : parent === '' ? path : `${parent}.${path}`
}
