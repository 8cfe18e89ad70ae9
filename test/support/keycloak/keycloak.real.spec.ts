import { beforeAll, expect, it } from 'vitest'
import { describeWith } from '../real.ts'
import { keycloakReady } from './keycloak-ready.ts'
import type { KeycloakAccess } from './keycloak-server.ts'

describeWith('keycloak', 'The Keycloak of a test run', () => {
  let keycloak: KeycloakAccess

  beforeAll(async () => {
    keycloak = await keycloakReady()
  })

  it('lets its administrator in', async () => {
    const { url, adminUser, adminPassword } = keycloak
    const body = new URLSearchParams({
      grant_type: 'password',
      client_id: 'admin-cli',
      username: adminUser,
      password: adminPassword,
    })
    const answer = await fetch(`${url}/realms/master/protocol/openid-connect/token`, { method: 'POST', body })
    expect(answer.status).toBe(200)
  })
})
