import { parseUserName } from '#core/users'
import type { ExtendedUser } from './document/user-document.ts'
import type { JsonObject } from './json-object.ts'

export const userUuid = '0123abcd-4567-89ab-cdef-0123456789ab'
export const userId = '0123abcd456789abcdef0123456789ab'
export const hex = 'f'.repeat(32)

/** What Kazoo's documentation shows after `{"first_name":"User","last_name":"Three"}`, apart from the id. */
export const createdText = `{
    "call_restriction": {},
    "caller_id": {},
    "contact_list": {},
    "dial_plan": {},
    "enabled": true,
    "first_name": "User",
    "hotdesk": {
        "enabled": false,
        "keep_logged_in_elsewhere": false,
        "require_pin": false
    },
    "id": "${userId}",
    "last_name": "Three",
    "media": {
        "audio": {
            "codecs": [
                "PCMU"
            ]
        },
        "encryption": {
            "enforce_security": false,
            "methods": []
        },
        "video": {
            "codecs": []
        }
    },
    "music_on_hold": {},
    "priv_level": "user",
    "profile": {},
    "require_password_update": false,
    "ringtones": {},
    "verified": false,
    "vm_to_email_enabled": true
}`

/** Somebody whom kitter knows, and the dialect as far as the extension says. */
export function seen(fields: Partial<ExtendedUser['user']> = {}, extension?: JsonObject): ExtendedUser {
  return {
    user: {
      id: userUuid,
      username: parseUserName('bob'),
      firstName: 'User',
      lastName: 'Three',
      enabled: true,
      ...fields,
    },
    extension,
  }
}
