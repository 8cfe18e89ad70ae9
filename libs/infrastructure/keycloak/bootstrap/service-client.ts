import type KeycloakAdminClient from '@keycloak/keycloak-admin-client'
import type ClientRepresentation from '@keycloak/keycloak-admin-client/lib/defs/clientRepresentation.js'
import { BootstrapError } from './bootstrap-error.ts'
import type { RealmWork } from './realm-work.ts'

/** A client that does nothing but act by itself: nobody logs in through it. */
const shape = {
  enabled: true,
  serviceAccountsEnabled: true,
  standardFlowEnabled: false,
  implicitFlowEnabled: false,
  directAccessGrantsEnabled: false,
} as const satisfies ClientRepresentation

const switches = [
  'enabled',
  'serviceAccountsEnabled',
  'standardFlowEnabled',
  'implicitFlowEnabled',
  'directAccessGrantsEnabled',
] as const satisfies readonly (keyof typeof shape)[]

/** By which bootstrap knows a client of its own. */
const description = 'The service account by which kitter provisions users'

/** The id of kitter's client in Keycloak; nothing in a dry run that would make it. */
export async function ensureClient(work: RealmWork): Promise<string | undefined> {
  const { keycloak, changes, clientId, clientSecret } = work
  const client = await findClient(work)
  if (client === undefined) {
    await changes.make(`create the client ${clientId}, with a service account`, () =>
      keycloak.clients.create({
        clientId,
        name: 'kitter',
        description,
        protocol: 'openid-connect',
        publicClient: false,
        clientAuthenticatorType: 'client-secret',
        ...shape,
        ...(clientSecret !== undefined && { secret: clientSecret }),
      }),
    )
    return (await findClient(work))?.id
  }
  await mendClient(work, client)
  await mendSecret(work, client.id ?? '')
  return client.id
}

export async function secretOf(keycloak: KeycloakAdminClient, id: string): Promise<string | undefined> {
  return (await keycloak.clients.getClientSecret({ id })).value
}

async function findClient({ keycloak, clientId, exists }: RealmWork): Promise<ClientRepresentation | undefined> {
  return exists ? (await keycloak.clients.find({ clientId })).at(0) : undefined
}

async function mendClient({ keycloak, changes, clientId }: RealmWork, client: ClientRepresentation): Promise<void> {
  const others = otherUse(client)
  if (others !== undefined) {
    throw new BootstrapError(
      `The realm has a client ${clientId} ${others}, so something else uses it: give kitter another with --client-id.`,
    )
  }
  const different = switches.filter((name) => client[name] !== shape[name])
  if (different.length === 0) return
  const names = different.map((name) => `${name} ${shape[name] ? 'on' : 'off'}`)
  await changes.make(`switch, for the client ${clientId}, ${names.join(', ')}`, () =>
    keycloak.clients.update({ id: client.id ?? '' }, { ...client, ...shape }),
  )
}

/** By what a client shows that it's somebody else's; nothing for one that may become kitter's. */
function otherUse(client: ClientRepresentation): string | undefined {
  if (client.publicClient === true || client.bearerOnly === true || client.protocol !== 'openid-connect') {
    return 'that is no confidential one'
  }
  if (client.description === description) return undefined
  const { standardFlowEnabled, implicitFlowEnabled, directAccessGrantsEnabled, serviceAccountsEnabled } = client
  if ([standardFlowEnabled, implicitFlowEnabled, directAccessGrantsEnabled].includes(true)) {
    return 'by which people log in'
  }
  return serviceAccountsEnabled === true ? undefined : 'without a service account'
}

/** Read and written again as a whole, for what isn't there is taken for absent. */
async function mendSecret({ keycloak, changes, clientId, clientSecret }: RealmWork, id: string): Promise<void> {
  if (clientSecret === undefined || (await secretOf(keycloak, id)) === clientSecret) return
  await changes.make(`give the client ${clientId} the secret that was asked for`, async () => {
    await keycloak.clients.update({ id }, { ...(await keycloak.clients.findOne({ id })), secret: clientSecret })
  })
}
