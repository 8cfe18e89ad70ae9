import { valueAt } from '../document/value-at.ts'
import type { JsonObject } from '../json-object.ts'

const uses = {
  hotdesk: ['hotdesk', 'enabled'],
  forwards: ['call_forward', 'enabled'],
  failsOver: ['call_forward', 'failover'],
  callerNumber: ['caller_id', 'external', 'number'],
  mailsVoice: ['vm_to_email_enabled'],
  musicOnHold: ['music_on_hold', 'media_id'],
} as const

const features: readonly (readonly [string, (document: JsonObject) => boolean])[] = [
  ['hotdesk', (document) => valueAt(document, uses.hotdesk) === true],
  ['call_forward', (document) => valueAt(document, uses.forwards) === true],
  [
    'call_forward_failover',
    (document) => valueAt(document, uses.failsOver) === true && valueAt(document, uses.forwards) !== true,
  ],
  ['caller_id', (document) => isSomething(valueAt(document, uses.callerNumber))],
  ['vm_to_email', (document) => valueAt(document, uses.mailsVoice) === true],
  ['music_on_hold', (document) => isSomething(valueAt(document, uses.musicOnHold))],
]

/** Where in a document it stands what its user uses. */
export const featurePaths: readonly (readonly string[])[] = Object.values(uses)

/** What a user uses, by name, as lists show it. */
export function featuresOf(document: JsonObject): readonly string[] {
  return features.filter(([, isUsed]) => isUsed(document)).map(([name]) => name)
}

function isSomething(value: unknown): boolean {
  return typeof value === 'string' && value !== ''
}
