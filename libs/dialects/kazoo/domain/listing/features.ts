import { isPlainObject } from '#kernel'
import type { JsonObject } from '../json-object.ts'

const features: readonly (readonly [string, (document: JsonObject) => boolean])[] = [
  ['hotdesk', (document) => at(document, 'hotdesk', 'enabled') === true],
  ['call_forward', (document) => at(document, 'call_forward', 'enabled') === true],
  [
    'call_forward_failover',
    (document) => at(document, 'call_forward', 'failover') === true && at(document, 'call_forward', 'enabled') !== true,
  ],
  ['caller_id', (document) => isSomething(at(document, 'caller_id', 'external', 'number'))],
  ['vm_to_email', (document) => at(document, 'vm_to_email_enabled') === true],
  ['music_on_hold', (document) => isSomething(at(document, 'music_on_hold', 'media_id'))],
]

/** What a user uses, by name, as lists show it. */
export function featuresOf(document: JsonObject): readonly string[] {
  return features.filter(([, isUsed]) => isUsed(document)).map(([name]) => name)
}

function at(document: unknown, ...path: readonly string[]): unknown {
  return path.reduce((value, key) => (isPlainObject(value) ? value[key] : undefined), document)
}

function isSomething(value: unknown): boolean {
  return typeof value === 'string' && value !== ''
}
