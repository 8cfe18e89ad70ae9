/** Which methods a POST may stand for, by the end of its path. */
const verbs: readonly (readonly [RegExp, readonly string[]])[] = [
  [/\/users$/, ['PUT']],
  [/\/users\/[^/]+$/, ['POST', 'PATCH', 'DELETE']],
  [/\/users\/[^/]+\/photo$/, ['POST', 'DELETE']],
  [/\/user_auth$/, ['PUT']],
]

/** Whether there is such a method at the path, and a POST may stand for this verb there. What makes a telephone ring has no HEAD. */
export function isMethodAt(path: string, method: string, verb: string): boolean {
  if (method === 'HEAD') return !/\/quickcall\/[^/]+$/.test(path)
  const allowed = method === 'POST' ? verbs.find(([end]) => end.test(path))?.[1] : undefined
  return allowed === undefined || allowed.includes(verb)
}
