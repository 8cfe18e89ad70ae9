import type { KitterRight } from '../bootstrap/service-account-rights.ts'

const rights: readonly (readonly [RegExp, KitterRight])[] = [
  [/^(|\/partialImport|\/logout-all|\/authentication\/.*|\/sessions\/.*|\/client-session-stats)$/, 'manage-realm'],
  [/^\/users(\/|$)/, 'manage-users'],
  [/^\/clients(\/|$)/, 'view-clients'],
  [/^\/(admin-)?events$/, 'view-events'],
]

/** Which of kitter's rights a path of the admin API asks for. */
export function neededRight(path: string): KitterRight | undefined {
  const below = /\/admin\/realms\/[^/]+(.*)$/.exec(path)?.[1]
  return below === undefined ? undefined : rights.find(([pattern]) => pattern.test(below))?.[1]
}
