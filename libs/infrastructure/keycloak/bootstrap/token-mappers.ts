import type ClientScopeRepresentation from '@keycloak/keycloak-admin-client/lib/defs/clientScopeRepresentation.js'
import type ProtocolMapperRepresentation from '@keycloak/keycloak-admin-client/lib/defs/protocolMapperRepresentation.js'
import type { RealmWork } from './realm-work.ts'

/** What puts into access tokens what kitter reads in them. The roles are there by Keycloak's own scope `roles`. */
export function tokenMappers(audience: string): readonly ProtocolMapperRepresentation[] {
  return [
    {
      name: 'domain',
      protocol: 'openid-connect',
      protocolMapper: 'oidc-usermodel-attribute-mapper',
      config: {
        'user.attribute': 'domain',
        'claim.name': 'domain',
        'jsonType.label': 'String',
        multivalued: 'false',
        'access.token.claim': 'true',
        'id.token.claim': 'false',
        'userinfo.token.claim': 'false',
        'introspection.token.claim': 'true',
      },
    },
    {
      name: 'audience',
      protocol: 'openid-connect',
      protocolMapper: 'oidc-audience-mapper',
      config: {
        'included.custom.audience': audience,
        'access.token.claim': 'true',
        'id.token.claim': 'false',
        'introspection.token.claim': 'true',
      },
    },
  ]
}

/** Only what is different, or missing, is set; other mappers stay. */
export async function mendMapper(
  { keycloak, changes }: RealmWork,
  { id = '', name, protocolMappers = [] }: ClientScopeRepresentation,
  wanted: ProtocolMapperRepresentation,
): Promise<void> {
  const sentence = `mend the mapper "${wanted.name}" of the client scope ${name}`
  const current = protocolMappers.find((mapper) => mapper.name === wanted.name)
  if (current === undefined) {
    await changes.make(sentence, () => keycloak.clientScopes.addProtocolMapper({ id }, wanted))
    return
  }
  if (isAsWanted(current, wanted)) return
  const mapper = { ...current, ...wanted, config: { ...current.config, ...wanted.config } }
  await changes.make(sentence, () =>
    keycloak.clientScopes.updateProtocolMapper({ id, mapperId: current.id ?? '' }, mapper),
  )
}

/** Switches that are off may be left out in Keycloak. */
export function isAsWanted(current: ProtocolMapperRepresentation, wanted: ProtocolMapperRepresentation): boolean {
  if (current.protocolMapper !== wanted.protocolMapper) return false
  return Object.entries(wanted.config ?? {}).every(([key, value]) => (current.config?.[key] ?? 'false') === value)
}
