import type { Finding } from '#core/health'
import { refusalOf } from '../bootstrap/keycloak-failure.ts'
import { type KitterRight, kitterRights } from '../bootstrap/service-account-rights.ts'
import type { ExaminedRealm } from './examined-realm.ts'

/** A request that only who has the right may make, and that changes nothing. */
type Probe = (examined: ExaminedRealm) => Promise<unknown>

const probes: Readonly<Record<KitterRight, Probe>> = {
  'manage-realm': ({ keycloak, realm }) =>
    keycloak.realms.partialImport({ realm, rep: { ifResourceExists: 'SKIP', users: [] } }),
  // refused for its missing username after the right has been looked at
  'manage-users': ({ keycloak }) => keycloak.users.create({}),
  'view-clients': ({ keycloak, clientId }) => keycloak.clients.find({ clientId }),
  'view-events': ({ keycloak, realm }) => keycloak.realms.findAdminEvents({ realm, max: 1 }),
}

const purposes: Readonly<Record<KitterRight, string>> = {
  'manage-realm': 'create users',
  'manage-users': 'change, delete and log out users',
  'view-clients': 'see who is logged in',
  'view-events': 'see what others change',
}

export async function* examineRights(examined: ExaminedRealm): AsyncGenerator<Finding> {
  for (const right of kitterRights) {
    const has = await isAllowed(probes[right](examined))
    if (has) yield { state: 'right', sentence: `The service account has the right ${right}, to ${purposes[right]}` }
    else {
      const sentence = `The service account lacks the right ${right}, so kitter can't ${purposes[right]}`
      yield { state: 'wrong', sentence, mend: examined.bootstrap }
    }
  }
}

async function isAllowed(probe: Promise<unknown>): Promise<boolean> {
  try {
    await probe
    return true
  } catch (error) {
    const status = refusalOf(error)?.status
    if (status === 403) return false
    if (status === 400) return true
    throw error
  }
}
