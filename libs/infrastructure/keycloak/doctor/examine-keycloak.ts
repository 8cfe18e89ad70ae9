import KeycloakAdminClient from '@keycloak/keycloak-admin-client'
import type { Finding } from '#core/health'
import { refusalOf, silenceOf } from '../bootstrap/keycloak-failure.ts'
import { versionProblem } from '../bootstrap/keycloak-version.ts'
import { bootstrapCommand } from './bootstrap-command.ts'
import { examineClock } from './examine-clock.ts'
import { examineProfile } from './examine-profile.ts'
import { examineReach } from './examine-reach.ts'
import { examineRights } from './examine-rights.ts'
import { examineSettings } from './examine-settings.ts'
import { examineTokens } from './examine-tokens.ts'
import type { ExaminedRealm, KeycloakExamination } from './examined-realm.ts'

const timeout = 10_000

/** Looks at everything of Keycloak that kitter relies on, and changes nothing. It ends early where nothing more can be seen. */
export async function* examineKeycloak(options: KeycloakExamination): AsyncGenerator<Finding> {
  const keycloak = new KeycloakAdminClient({ baseUrl: options.url, realmName: options.realm, timeout })
  const examined: ExaminedRealm = { ...options, keycloak, bootstrap: bootstrapCommand(options) }
  const reached = yield* examineReach(examined)
  if (!reached || !(yield* logIn(examined))) return
  yield* examineClock(examined)
  yield* guarded(examined, examineVersion)
  yield* guarded(examined, examineRights)
  yield* guarded(examined, examineSettings)
  yield* guarded(examined, examineProfile)
  yield* guarded(examined, examineTokens)
}

/** A part that can't be looked at doesn't keep the others from it. */
async function* guarded(
  examined: ExaminedRealm,
  part: (examined: ExaminedRealm) => AsyncIterable<Finding>,
): AsyncGenerator<Finding> {
  try {
    yield* part(examined)
  } catch (error) {
    const refusal = refusalOf(error)
    const why =
      refusal === undefined ? silenceOf(error) : `answers ${refusal.status} (${refusal.words ?? 'without saying why'})`
    yield {
      state: 'wrong',
      sentence: `Keycloak ${why}, so the realm ${examined.realm} could not be seen whole`,
      mend: examined.bootstrap,
    }
  }
}

async function* logIn({
  keycloak,
  realm,
  clientId,
  clientSecret,
  bootstrap,
}: ExaminedRealm): AsyncGenerator<Finding, boolean> {
  try {
    await keycloak.auth({ grantType: 'client_credentials', clientId, clientSecret })
    yield { state: 'right', sentence: `The realm ${realm} accepts the secret of the client ${clientId}` }
    return true
  } catch (error) {
    const words = refusalOf(error)?.words ?? silenceOf(error)
    yield {
      state: 'wrong',
      sentence: `The realm ${realm} does not let the client ${clientId} in: ${words}`,
      mend: `set KEYCLOAK_CLIENT_ID and KEYCLOAK_CLIENT_SECRET to what this prints: ${bootstrap}`,
    }
    return false
  }
}

async function* examineVersion({ keycloak }: ExaminedRealm): AsyncGenerator<Finding> {
  const info = await keycloak.serverInfo.find().catch(() => undefined)
  const version = info?.systemInfo?.version
  if (version === undefined) {
    yield {
      state: 'doubtful',
      sentence: "Keycloak doesn't tell its version to kitter's service account",
      mend: 'see that it is 26.7.3 or later',
    }
    return
  }
  const problem = versionProblem(version)
  if (problem === undefined) yield { state: 'right', sentence: `Keycloak is ${version}` }
  else yield { ...problem, mend: 'upgrade Keycloak to 26.7.3 or later' }
}
