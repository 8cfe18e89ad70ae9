import { createHash } from 'node:crypto'

export type DigestMethod = 'md5' | 'sha'

const forms = { md5: /^[0-9a-f]{32}$/, sha: /^[0-9a-f]{40}$/ } satisfies Record<DigestMethod, RegExp>

/** What clients send instead of a password. Whoever has it can sign in with it: it's kept and logged as little as one. */
export function signInDigest(username: string, password: string): string {
  return createHash('md5').update(`${username}:${password}`).digest('hex')
}

/** The digest that a client sent, in lower case, or nothing where it can't be one. */
export function digestIn(credentials: string, method: DigestMethod): string | undefined {
  const digest = credentials.toLowerCase()
  return forms[method].test(digest) ? digest : undefined
}
