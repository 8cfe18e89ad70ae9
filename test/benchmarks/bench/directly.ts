import type { Connections } from './connections.ts'
import { domain, type Person } from './people.ts'
import type { World } from './world.ts'

/** Plain, hashed by Keycloak, or as Keycloak keeps it. */
export type Credential = { readonly value: string } | { readonly secretData: string; readonly credentialData: string }

/** Creates somebody without kitter: in Keycloak, then at wac-core with the id that Keycloak gave. */
export async function createDirectly(
  world: World,
  connections: Connections,
  person: Person,
  credential?: Credential,
): Promise<void> {
  const { username, email, firstName, lastName, phoneNumber } = person
  const { location } = await connections.call({
    method: 'POST',
    url: `${world.adminUrl}/users`,
    token: await world.keycloakToken.value(),
    body: {
      ...{ username, email, firstName, lastName, enabled: true, emailVerified: false },
      attributes: { domain: [domain], phone_number: [phoneNumber] },
      ...(credential && { credentials: [{ type: 'password', temporary: false, ...credential }] }),
    },
  })
  await connections.call({
    method: 'POST',
    url: `${world.wacCore.url}/users`,
    token: world.wacCore.token,
    body: {
      ...{ domain, username, email, displayName: firstName, role: 'user', capabilities: [] },
      ...{ mobilePhone: [phoneNumber], externalId: location.slice(location.lastIndexOf('/') + 1) },
    },
  })
}
