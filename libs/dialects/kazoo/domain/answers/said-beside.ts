import { isPlainObject } from '#kernel'
import { textIn } from '../document/text-in.ts'

/** What a body says beside its `data`, in any case of the key; nothing where it isn't one that says anything. */
export function saidBeside(body: unknown, name: 'auth_token' | 'verb'): string | undefined {
  if (!isPlainObject(body) || body instanceof Uint8Array) return undefined
  const key = Object.keys(body).findLast((each) => each.toLowerCase() === name)
  return key === undefined ? undefined : textIn(body, key)
}
