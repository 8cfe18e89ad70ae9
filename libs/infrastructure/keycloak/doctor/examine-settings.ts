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
  const judge = new PasswordPolicy(passwordPolicy).isComplete ? 'kitter knows its rules' : 'only Keycloak can judge it'
  yield { state: 'right', sentence: `The realm has a password policy, and ${judge}: ${passwordPolicy}` }
}

async function* roles({ keycloak, bootstrap }: ExaminedRealm): AsyncGenerator<Finding> {
  for (const name of roleNames) {
    const role = await keycloak.roles.findOneByName({ name })
    if (!role)
      yield { state: 'wrong', sentence: `The realm has no role ${name}, so nobody can have it`, mend: bootstrap }
  }
}
