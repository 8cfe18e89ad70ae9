import type KeycloakAdminClient from '@keycloak/keycloak-admin-client'
import type ClientScopeRepresentation from '@keycloak/keycloak-admin-client/lib/defs/clientScopeRepresentation.js'
import { mendMapper, tokenMappers } from './token-mappers.ts'
import type { RealmWork } from './realm-work.ts'

export const scopeName = 'kitter'

const scope: ClientScopeRepresentation = {
  name: scopeName,
  description: "What kitter needs in a token: itself as audience, and the user's domain",
  protocol: 'openid-connect',
  attributes: { 'include.in.token.scope': 'false', 'display.on.consent.screen': 'false' },
}

/** Keycloak's own; nobody gets tokens for kitter from them. */
const builtIn = new Set([
  'account',
  'account-console',
  'admin-cli',
  'broker',
  'realm-management',
  'security-admin-console',
])

/**
 * The scope that makes tokens fit for kitter. Clients made later have it by default. Those that are there get it once, just before
 * it becomes a default: an operator who then takes it from one of them keeps it so. Also one who makes it optional in the realm.
 */
export async function ensureClientScope(work: RealmWork): Promise<void> {
  const { keycloak, changes, exists } = work
  const found = exists ? await findScope(work) : undefined
  const mappers = tokenMappers(work.audience)
  if (found === undefined) {
    await changes.make(
      `create the client scope ${scopeName}, with the audience ${work.audience} and the claim "domain"`,
      () => keycloak.clientScopes.create({ ...scope, protocolMappers: [...mappers] }),
    )
  } else {
    for (const mapper of mappers) await mendMapper(work, found, mapper)
  }
  await ensureDefault(work)
}

async function findScope({ keycloak }: RealmWork): Promise<ClientScopeRepresentation | undefined> {
  return (await keycloak.clientScopes.find()).find(({ name }) => name === scopeName)
}

async function ensureDefault(work: RealmWork): Promise<void> {
  const { keycloak, changes, exists } = work
  if (exists && (await assignmentOf(keycloak)) !== 'none') return
  const clients = exists ? await clientsWithout(work) : []
  for (const client of clients) {
    await changes.make(`give the client ${client.clientId} the client scope ${scopeName}`, async () =>
      keycloak.clients.addDefaultClientScope({ id: client.id, clientScopeId: await idOfScope(work) }),
    )
  }
  await changes.make(`give every new client the client scope ${scopeName}`, async () =>
    keycloak.clientScopes.addDefaultClientScope({ id: await idOfScope(work) }),
  )
}

/** What the realm gives to new clients. */
export async function assignmentOf(keycloak: KeycloakAdminClient): Promise<'default' | 'optional' | 'none'> {
  const isIn = (scopes: readonly ClientScopeRepresentation[]) => scopes.some(({ name }) => name === scopeName)
  if (isIn(await keycloak.clientScopes.listDefaultClientScopes())) return 'default'
  return isIn(await keycloak.clientScopes.listDefaultOptionalClientScopes()) ? 'optional' : 'none'
}

async function clientsWithout({ keycloak }: RealmWork) {
  const clients = await keycloak.clients.find()
  return clients.flatMap(({ id, clientId, protocol, bearerOnly, defaultClientScopes, optionalClientScopes }) => {
    if (id === undefined || clientId === undefined || builtIn.has(clientId)) return []
    if (protocol !== 'openid-connect' || bearerOnly === true) return []
    return [...(defaultClientScopes ?? []), ...(optionalClientScopes ?? [])].includes(scopeName)
      ? []
      : [{ id, clientId }]
  })
}

async function idOfScope(work: RealmWork): Promise<string> {
  const id = (await findScope(work))?.id
  if (id === undefined) throw new Error(`the client scope ${scopeName} has gone`)
  return id
}
