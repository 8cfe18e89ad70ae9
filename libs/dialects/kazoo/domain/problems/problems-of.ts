import type { FoundProblem, Problem, Problems } from './problem.ts'

/** Nobody reads more, and a body of nothing but mistakes shall not make an answer many times its size. */
const most = 200
const longestShown = 500

/** What was found, in the form in which it's told. A password is never told back. */
export function problemsOf(found: readonly FoundProblem[]): Problems {
  const told = new Map<string, Readonly<Record<string, Problem>>>()
  for (const { path, code, problem } of found.slice(0, most)) {
    const key = keyOf(path)
    told.set(key, { ...told.get(key), [code]: isSecret(path, code) ? discreet(problem) : shortened(problem) })
  }
  return Object.fromEntries(told)
}

/** What a missing password is missed for is no secret. */
function isSecret([name]: readonly string[], code: string): boolean {
  return name === 'password' && code !== 'required'
}

/** Dots within a name would look like those between names. */
function keyOf(path: readonly string[]): string {
  return path.map((name) => name.replaceAll('.', '%2E')).join('.')
}

function discreet({ message, target }: Problem): Problem {
  return { message, ...(target !== undefined && { target }) }
}

function shortened(problem: Problem): Problem {
  const { cause, value, ...rest } = problem
  return {
    ...rest,
    ...('cause' in problem && { cause: shown(cause) }),
    ...('value' in problem && { value: shown(value) }),
  }
}

function shown(value: unknown): unknown {
  return typeof value === 'string' && value.length > longestShown ? value.slice(0, longestShown).toWellFormed() : value
}
