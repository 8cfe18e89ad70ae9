import type RealmRepresentation from '@keycloak/keycloak-admin-client/lib/defs/realmRepresentation.js'

/** A setting of the realm, and how to speak of the change. */
interface Setting {
  readonly name: keyof RealmRepresentation
  readonly value: boolean
  readonly sentence: string
  readonly serious: boolean
}

export interface SettingDifference {
  /** An infinitive, such as "enable the realm". */
  readonly sentence: string
  /** Whether something doesn't work as it is. */
  readonly serious: boolean
}

const settings: readonly Setting[] = [
  { name: 'enabled', value: true, serious: true, sentence: 'enable the realm' },
  {
    name: 'editUsernameAllowed',
    value: true,
    serious: true,
    sentence: 'let usernames be changed (by administrators: see the user profile)',
  },
  {
    name: 'loginWithEmailAllowed',
    value: false,
    serious: false,
    sentence: 'let users log in by username only, not by email address',
  },
  {
    name: 'registrationEmailAsUsername',
    value: false,
    serious: true,
    sentence: 'keep usernames apart from email addresses',
  },
  { name: 'duplicateEmailsAllowed', value: false, serious: true, sentence: 'let no two users have one email address' },
  { name: 'eventsEnabled', value: true, serious: false, sentence: "record users' events" },
  { name: 'adminEventsEnabled', value: true, serious: false, sentence: "record administrators' events" },
  {
    name: 'adminEventsDetailsEnabled',
    value: true,
    serious: false,
    sentence: "record the details of administrators' events",
  },
]

/** What users do to their accounts without kitter. */
const neededEvents = [
  'DELETE_ACCOUNT',
  'REGISTER',
  'REMOVE_CREDENTIAL',
  'UPDATE_CREDENTIAL',
  'UPDATE_EMAIL',
  'UPDATE_PASSWORD',
  'UPDATE_PROFILE',
  'USER_DISABLED_BY_PERMANENT_LOCKOUT',
  'VERIFY_EMAIL',
]

const expiration = 7 * 24 * 60 * 60

export interface SettingsChange {
  readonly differences: readonly SettingDifference[]
  /** What to send; it holds nothing that stays as it is. */
  readonly change: RealmRepresentation
}

/** What makes a realm's settings fit. Longer or shorter expiries of the operator stay. */
export function mendSettings(realm: RealmRepresentation): SettingsChange {
  const parts = [
    ...settings.map((setting) => mendSetting(realm, setting)),
    mendEventTypes(realm),
    mendExpiration(realm),
    mendAdminExpiration(realm),
  ]
  const changes = parts.filter((part) => part !== undefined)
  return {
    differences: changes.flatMap(({ differences }) => differences),
    change: changes.reduce<RealmRepresentation>((all, { change }) => ({ ...all, ...change }), {}),
  }
}

function mendSetting(
  realm: RealmRepresentation,
  { name, value, sentence, serious }: Setting,
): SettingsChange | undefined {
  return realm[name] === value ? undefined : { differences: [{ sentence, serious }], change: { [name]: value } }
}

/** An empty list means all types, which is fine where events are on already, and more than is needed where they aren't. */
function mendEventTypes({ eventsEnabled, enabledEventTypes = [] }: RealmRepresentation): SettingsChange | undefined {
  if (eventsEnabled === true && enabledEventTypes.length === 0) return undefined
  const missing = neededEvents.filter((type) => !enabledEventTypes.includes(type))
  if (missing.length === 0) return undefined
  return {
    differences: [{ sentence: `record the events ${missing.join(', ')}`, serious: false }],
    change: { enabledEventTypes: [...enabledEventTypes, ...missing] },
  }
}

function mendExpiration({ eventsExpiration = 0 }: RealmRepresentation): SettingsChange | undefined {
  if (eventsExpiration > 0) return undefined
  return {
    differences: [{ sentence: "let users' events expire after 7 days", serious: false }],
    change: { eventsExpiration: expiration },
  }
}

/** Attributes that aren't sent are removed. */
function mendAdminExpiration({ attributes = {} }: RealmRepresentation): SettingsChange | undefined {
  if (Number(attributes['adminEventsExpiration'] ?? 0) > 0) return undefined
  return {
    differences: [{ sentence: "let administrators' events expire after 7 days", serious: false }],
    change: { attributes: { ...attributes, adminEventsExpiration: String(expiration) } },
  }
}
