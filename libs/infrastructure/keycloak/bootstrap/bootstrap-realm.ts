import { setTimeout as pause } from 'node:timers/promises'
import { openSession, type AdminSession } from './admin-session.ts'
import { BootstrapError } from './bootstrap-error.ts'
import type { BootstrapOptions, BootstrapOutcome } from './bootstrap-options.ts'
import { Changes } from './changes.ts'
import { ensureClientScope } from './client-scope.ts'
import { ensureProfile } from './ensure-profile.ts'
import { ensureRealm } from './ensure-realm.ts'
import { ensureRequiredAction } from './ensure-required-action.ts'
import { refusalOf, silenceOf } from './keycloak-failure.ts'
import { versionProblem } from './keycloak-version.ts'
import { ensureRoles } from './realm-roles.ts'
import { ensureRights } from './service-account-rights.ts'
import { ensureClient, secretOf } from './service-client.ts'

/** Somebody else may be making the same changes: then a look at what is there now leads on. */
const attempts = 8
/** Grows with every attempt; at random, so that two don't meet again and again. */
const longestPauseMs = 300

/** Makes a realm fit for kitter, and changes only what isn't yet. */
export async function bootstrapRealm(options: BootstrapOptions): Promise<BootstrapOutcome> {
  requireSense(options)
  const session = await openSession(options)
  const changes = new Changes(options.dryRun ?? false)
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await makeFit(session, options, changes)
    } catch (error) {
      if (attempt === attempts || !mayBeRace(error)) throw inWords(options, error)
      await pause(Math.random() * attempt * longestPauseMs)
    }
  }
}

async function makeFit(session: AdminSession, options: BootstrapOptions, changes: Changes): Promise<BootstrapOutcome> {
  const { realm, clientId = 'kitter', clientSecret, audience = 'kitter', dryRun = false } = options
  const warnings = await warningsOf(session)
  const existed = await ensureRealm(session, realm, changes)
  const work = { keycloak: session.inRealm, changes, exists: existed || !dryRun, clientId, clientSecret, audience }
  await ensureProfile(work)
  await ensureRequiredAction(work)
  await ensureRoles(work)
  await ensureClientScope(work)
  const id = await ensureClient(work)
  await ensureRights(work, id)
  const secret = id === undefined ? undefined : await secretOf(session.inRealm, id)
  return { changes: changes.made, warnings, clientId, clientSecret: secret }
}

async function warningsOf({ onServer }: AdminSession): Promise<readonly string[]> {
  const { systemInfo } = await onServer.serverInfo.find()
  const problem = systemInfo?.version === undefined ? undefined : versionProblem(systemInfo.version)
  return problem === undefined ? [] : [problem.sentence]
}

function requireSense({ url, realm }: BootstrapOptions): void {
  const parsed = URL.parse(url)
  if (parsed === null || !/^https?:$/.test(parsed.protocol) || parsed.username !== '' || parsed.password !== '') {
    throw new BootstrapError(
      'The URL of Keycloak must be like http://127.0.0.1:8080, without a name or password in it.',
    )
  }
  if (realm === 'master') {
    throw new BootstrapError(
      'The realm master is for the administrators of Keycloak itself: give kitter a realm of its own.',
    )
  }
  // the others are for Keycloak to refuse, but these would be another path
  if (['', '.', '..'].includes(realm)) throw new BootstrapError(`"${realm}" can't be the name of a realm.`)
}

/** Who loses a race is told 400, 404, 409 or 500, depending on what it was for. */
function mayBeRace(error: unknown): boolean {
  const refusal = refusalOf(error)
  return refusal !== undefined && refusal.status !== 401 && refusal.status !== 403
}

function inWords({ url, realm, adminUser, adminRealm = 'master' }: BootstrapOptions, error: unknown): unknown {
  if (error instanceof BootstrapError) return error
  const refusal = refusalOf(error)
  if (refusal === undefined) return new BootstrapError(`Keycloak at ${url} ${silenceOf(error)}.`, { cause: error })
  const { status, words = `status ${status}` } = refusal
  if (status === 401 || status === 403) {
    const sentence = `${adminUser} of the realm ${adminRealm} may not administer the realm ${realm}: it needs the role "admin" of the realm master.`
    return new BootstrapError(sentence, { cause: error })
  }
  return new BootstrapError(`Keycloak at ${url} refused to set up the realm ${realm}: ${words.replace(/\.$/, '')}.`, {
    cause: error,
  })
}
