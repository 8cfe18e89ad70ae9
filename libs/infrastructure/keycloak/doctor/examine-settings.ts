import type RealmRepresentation from '@keycloak/keycloak-admin-client/lib/defs/realmRepresentation.js'
import type { Finding } from '#core/health'
import { PasswordPolicy } from '../accounts/password-policy.ts'
import { mendSettings } from '../bootstrap/realm-settings.ts'
import { roleNames } from '../bootstrap/realm-roles.ts'
import type { ExaminedRealm } from './examined-realm.ts'

export async function* examineSettings(examined: ExaminedRealm): AsyncGenerator<Finding> {
  const { keycloak, realm, bootstrap } = examined
  const settings = await keycloak.realms.findOne({ realm })
  // without the right to see the realm there is a stub, which looks like a realm with nothing set
  if (settings?.id === undefined) return
  const { differences } = mendSettings(settings)
  for (const { sentence, serious } of differences) {
    yield { state: serious ? 'wrong' : 'doubtful', sentence: `The realm ${realm} should ${sentence}`, mend: bootstrap }
  }
  if (differences.length === 0) yield { state: 'right', sentence: `The settings of the realm ${realm} suit kitter` }
  yield* mail(settings, realm)
  yield* passwords(settings)
  yield* hashing(examined, settings)
  yield* roles(examined)
}

function* mail({ smtpServer }: RealmRepresentation, realm: string): Generator<Finding> {
  if (smtpServer?.host !== undefined)
    yield { state: 'right', sentence: `The realm ${realm} sends mail by ${smtpServer.host}` }
  else {
    const mend = "set the realm's mail server in Keycloak: Realm settings, Email"
    yield {
      state: 'doubtful',
      sentence: `The realm ${realm} has no mail server, so nobody gets a password reset mail`,
      mend,
    }
  }
}

function* passwords({ passwordPolicy }: RealmRepresentation): Generator<Finding> {
  if (passwordPolicy === undefined || passwordPolicy === '') {
    yield { state: 'right', sentence: 'The realm has no password policy' }
    return
  }
  const sentence = `The realm has a password policy, and ${judgeOf(new PasswordPolicy(passwordPolicy))}: ${passwordPolicy}`
  yield { state: 'right', sentence }
}

function judgeOf(policy: PasswordPolicy): string {
  if (policy.isCompleteFor('another')) return 'kitter knows its rules'
  if (policy.isCompleteFor('first')) return 'kitter knows its rules, but only Keycloak knows earlier passwords'
  return 'only Keycloak can judge it'
}

/** Where kitter may not hash, every password costs Keycloak one more call, and a hashing of its own. */
async function* hashing(
  { keycloak }: ExaminedRealm,
  { passwordPolicy = '' }: RealmRepresentation,
): AsyncGenerator<Finding> {
  const algorithm = new PasswordPolicy(passwordPolicy).hashing?.algorithm
  if (algorithm === undefined) return
  const info = await keycloak.serverInfo.find().catch(() => undefined)
  const offered = info?.providers?.['password-hashing']?.providers
  if (offered === undefined) {
    const sentence =
      "Keycloak doesn't tell how it hashes passwords, so kitter leaves the hashing of each to it, which is slow"
    yield { state: 'doubtful', sentence, mend: 'let GET /admin/serverinfo reach Keycloak' }
  } else if (!Object.hasOwn(offered, algorithm)) {
    const sentence = `Keycloak has no ${algorithm} to hash passwords by, so kitter leaves the hashing of each to it, which is slow`
    const mend = "name one that it has in the realm's password policy in Keycloak, such as hashAlgorithm(pbkdf2-sha512)"
    yield { state: 'doubtful', sentence, mend }
  }
}

async function* roles({ keycloak, bootstrap }: ExaminedRealm): AsyncGenerator<Finding> {
  for (const name of roleNames) {
    const role = await keycloak.roles.findOneByName({ name })
    if (!role)
      yield { state: 'wrong', sentence: `The realm has no role ${name}, so nobody can have it`, mend: bootstrap }
  }
}
