/** Keycloak's paths, so that a client needs no other configuration for the sandbox than another address. */
export const sandboxRealm = {
  path: '/realms/kitter',
  tokenPath: '/protocol/openid-connect/token',
  keysPath: '/protocol/openid-connect/certs',
  discoveryPath: '/.well-known/openid-configuration',
  clientId: 'kitter-cli',
  tokenExchange: 'urn:ietf:params:oauth:grant-type:token-exchange',
  accessTokenType: 'urn:ietf:params:oauth:token-type:access_token',
} as const
