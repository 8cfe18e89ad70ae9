import { decodeJwt } from 'jose'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeWith } from './real.ts'
import { RealRealm } from './real-realm.ts'

describeWith('keycloak', 'A realm of a test file', () => {
  let realm: RealRealm

  beforeAll(async () => {
    realm = await RealRealm.create()
  })
  afterAll(() => realm[Symbol.asyncDispose]())

  it('lets people in who have nothing but a name and a password, online and offline', async () => {
    await realm.admin.users.create({
      username: 'ada',
      enabled: true,
      credentials: [{ type: 'password', value: 'secret' }],
    })
    for (const client of ['people', 'portal'] as const) {
      for (const offline of [false, true]) {
        const tokens = await realm.logIn('ada', 'secret', { client, offline })
        expect(await realm.refresh(tokens, client)).toMatchObject({ status: 200 })
      }
    }
    expect(await realm.logIn('ada', 'wrong')).toEqual({
      status: 400,
      error: 'invalid_grant',
      error_description: 'Invalid user credentials',
    })
  })

  it("gives tokens for kitter's API", async () => {
    expect(decodeJwt(await realm.accessToken('kitter-domain-admin', 'acme'))).toMatchObject({
      iss: realm.issuer,
      aud: expect.arrayContaining(['kitter']),
      domain: 'acme',
      realm_access: { roles: expect.arrayContaining(['kitter-domain-admin']) },
    })
  })

  it("lets kitter's own account in", async () => {
    expect(await realm.serviceToken()).toMatchObject({ status: 200 })
  })
})
