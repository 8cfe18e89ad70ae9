import type { Finding } from '#core/health'
import {
  type UserProfileConfig,
  UnmanagedAttributePolicy,
} from '@keycloak/keycloak-admin-client/lib/defs/userProfileMetadata.js'
import { mendProfile, ownAttributes } from '../bootstrap/user-profile.ts'
import type { ExaminedRealm } from './examined-realm.ts'

export async function* examineProfile({ keycloak, bootstrap }: ExaminedRealm): AsyncGenerator<Finding> {
  const profile = await keycloak.users.getProfile()
  const { differences } = mendProfile(profile)
  for (const { about, sentence } of differences) {
    const told = about === 'policy' ? policySentence(profile) : `The user profile should ${sentence}`
    yield { state: 'wrong', sentence: told, mend: bootstrap }
  }
  if (differences.length === 0) yield { state: 'right', sentence: "The user profile has kitter's own rules" }
  yield* furtherRequirements(profile)
}

function policySentence({ unmanagedAttributePolicy: policy, attributes = [] }: UserProfileConfig): string {
  if (policy !== UnmanagedAttributePolicy.Enabled) {
    return 'The user profile drops or locks the attributes that kitter sets: unmanaged attributes should be ADMIN_EDIT'
  }
  const isDeclared = attributes.some(({ name }) => name === 'domain')
  const danger = isDeclared ? 'such as those that kitter sets' : 'such as "domain", and so move to another domain'
  return `Users may set their own attributes, ${danger}: unmanaged attributes are ENABLED, and should be ADMIN_EDIT`
}

/** What an operator requires beyond kitter's rules. */
function* furtherRequirements({ attributes = [] }: UserProfileConfig): Generator<Finding> {
  const own = new Set(ownAttributes.map(({ name }) => name))
  for (const { name = '', required } of attributes) {
    if (own.has(name) || required === undefined) continue
    yield {
      state: 'doubtful',
      sentence: `The user profile requires ${name}: users without it, as kitter makes them, can't be changed or must fill it in at log-in`,
      mend: `require ${name} of nobody, or give it in "attributes" to every user`,
    }
  }
}
