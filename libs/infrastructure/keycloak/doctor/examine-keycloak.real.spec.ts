import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type KeycloakAdminClient from '@keycloak/keycloak-admin-client'
import { UnmanagedAttributePolicy } from '@keycloak/keycloak-admin-client/lib/defs/userProfileMetadata.js'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { Finding } from '#core/health'
import { MeddlingProxy } from '../../../../test/support/meddling-proxy.ts'
import { describeWith } from '../../../../test/support/real.ts'
import { bootstrapRealm } from '../bootstrap/bootstrap-realm.ts'
import { ScratchRealm } from '../bootstrap/scratch-realm.fixture.ts'
import { kitterRights } from '../bootstrap/service-account-rights.ts'
import { examineKeycloak } from './examine-keycloak.ts'
import type { KeycloakExamination } from './examined-realm.ts'

describeWith('keycloak', 'kitter doctor on Keycloak', () => {
  let scratch: ScratchRealm
  let admin: KeycloakAdminClient
  let options: KeycloakExamination

  beforeAll(async () => {
    scratch = await ScratchRealm.find()
  })

  beforeEach(async () => {
    const { clientId, clientSecret = '' } = await bootstrapRealm(scratch.options)
    const { url, realm } = scratch
    options = { url, realm, clientId, clientSecret, issuer: `${url}/realms/${realm}`, audience: 'kitter' }
    admin = await scratch.admin()
  })

  afterAll(() => scratch[Symbol.asyncDispose]())

  async function examine(different: Partial<KeycloakExamination> = {}): Promise<Finding[]> {
    const findings: Finding[] = []
    for await (const finding of examineKeycloak({ ...options, ...different })) findings.push(finding)
    return findings
  }

  async function problems(different: Partial<KeycloakExamination> = {}): Promise<string[]> {
    const findings = await examine(different)
    for (const { state, mend } of findings) if (state !== 'right') expect(mend).toBeTruthy()
    return findings.filter(({ state }) => state !== 'right').map(({ state, sentence }) => `${state}: ${sentence}`)
  }

  const noMail = () => `doubtful: The realm ${scratch.realm} has no mail server, so nobody gets a password reset mail`

  it('finds nothing wrong with a realm that bootstrap made, and changes nothing in it', async () => {
    const before = await admin.users.count()
    expect(await problems()).toEqual([noMail()])
    expect(await admin.users.count()).toBe(before)
    const sentences = (await examine()).map(({ sentence }) => sentence)
    expect(sentences).toContainEqual(expect.stringMatching(/^Keycloak is \d+\.\d+/))
    expect(sentences).toContain("Keycloak's clock and kitter's agree")
  })

  it('tells a wrong secret, and how to get the right one', async () => {
    const findings = await examine({ clientSecret: 'mistaken-secret' })
    expect(findings.at(-1)).toMatchObject({
      state: 'wrong',
      sentence: `The realm ${scratch.realm} does not let the client kitter in: Invalid client or Invalid client credentials`,
      mend: expect.stringContaining(`kitter bootstrap keycloak --url ${scratch.url} --realm ${scratch.realm}`),
    })
    expect(JSON.stringify(findings)).not.toContain('mistaken-secret')
  })

  it.each(kitterRights)('tells that the right %s is missing', async (right) => {
    const [client] = await admin.clients.find({ clientId: 'kitter' })
    const [management] = await admin.clients.find({ clientId: 'realm-management' })
    const { id = '' } = await admin.clients.getServiceAccountUser({ id: client?.id ?? '' })
    const role = await admin.clients.findRole({ id: management?.id ?? '', roleName: right })
    const roles = [{ id: role?.id ?? '', name: right }]
    await admin.users.delClientRoleMappings({ id, clientUniqueId: management?.id ?? '', roles })
    const found = await problems()
    expect(found.filter((problem) => problem.includes('lacks the right'))).toEqual([
      expect.stringContaining(`wrong: The service account lacks the right ${right}, so kitter can't`),
    ])
  })

  it('tells that users could set their own domain', async () => {
    const profile = await admin.users.getProfile()
    const unmanagedAttributePolicy = UnmanagedAttributePolicy.Enabled
    const declared = (profile.attributes ?? []).filter(({ name }) => name !== 'domain')
    await admin.users.updateProfile({ ...profile, attributes: declared, unmanagedAttributePolicy })
    expect(await problems()).toContain(
      'wrong: Users may set their own attributes, such as "domain", and so move to another domain: unmanaged attributes are ENABLED, and should be ADMIN_EDIT',
    )
  })

  it('tells that the policy is missing, what is required, and what is checked otherwise', async () => {
    const { attributes = [] } = await admin.users.getProfile()
    const changed = attributes.map((attribute) => ({
      ...attribute,
      ...(attribute.name === 'email' && { required: { roles: ['user'] } }),
      ...(attribute.name === 'username' && { validations: { length: { min: 3, max: 255 } } }),
    }))
    const team = {
      name: 'team',
      required: { roles: ['admin', 'user'] },
      permissions: { view: ['admin'], edit: ['admin'] },
    }
    await admin.users.updateProfile({ attributes: [...changed, team] })
    const found = await problems()
    expect(found).toEqual([
      noMail(),
      'wrong: The user profile should check username as kitter does',
      'wrong: The user profile should require email of nobody',
      'wrong: The user profile drops or locks the attributes that kitter sets: unmanaged attributes should be ADMIN_EDIT',
      expect.stringContaining('doubtful: The user profile requires team'),
    ])
    await admin.users.updateProfile({ attributes: changed })
  })

  it('tells settings, mappers and roles that are not as they should be', async () => {
    await admin.realms.update(
      { realm: scratch.realm },
      {
        editUsernameAllowed: false,
        loginWithEmailAllowed: true,
        adminEventsEnabled: false,
        passwordPolicy: 'length(8) and regexPattern(x+)',
      },
    )
    const scope = (await admin.clientScopes.find()).find(({ name }) => name === 'kitter')
    await admin.clientScopes.delDefaultClientScope({ id: scope?.id ?? '' })
    const mapper = scope?.protocolMappers?.find(({ name }) => name === 'domain')
    await admin.clientScopes.delProtocolMapper({ id: scope?.id ?? '', mapperId: mapper?.id ?? '' })
    await admin.roles.delByName({ name: 'kitter-admin' })
    expect(await problems()).toEqual([
      `wrong: The realm ${scratch.realm} should let usernames be changed (by administrators: see the user profile)`,
      `doubtful: The realm ${scratch.realm} should let users log in by username only, not by email address`,
      `doubtful: The realm ${scratch.realm} should record administrators' events`,
      noMail(),
      'wrong: The realm has no role kitter-admin, so nobody can have it',
      'wrong: The mapper "domain" of the client scope kitter is missing, or different',
      "doubtful: New clients don't get the client scope kitter, so kitter will refuse their tokens",
    ])
    expect((await examine()).map(({ sentence }) => sentence)).toContain(
      'The realm has a password policy, and only Keycloak can judge it: length(8) and regexPattern(x+)',
    )
    await admin.realms.update({ realm: scratch.realm }, { passwordPolicy: '' })
  })

  it('tells that Keycloak hashes by other ways than kitter would, or does not tell by which', async () => {
    const info = { providers: { 'password-hashing': { providers: { 'pbkdf2-sha512': { order: 200 } } } } }
    const told = [
      { status: 200, contentType: 'application/json', body: JSON.stringify(info) },
      { status: 403, contentType: 'application/json', body: '{"error":"HTTP 403 Forbidden"}' },
    ].map(async (answer) => {
      await using before = await MeddlingProxy.start(scratch.url)
      before.meddler = (line) => (line === 'GET /admin/serverinfo' ? answer : undefined)
      return await problems({ url: before.url })
    })
    const [lacking, silent] = await Promise.all(told)
    expect(lacking).toContain(
      'doubtful: Keycloak has no argon2 to hash passwords by, so kitter leaves the hashing of each to it, which is slow',
    )
    expect(silent).toContain(
      "doubtful: Keycloak doesn't tell how it hashes passwords, so kitter leaves the hashing of each to it, which is slow",
    )
  })

  it('tells what it knows of the password policy', async () => {
    const judgeOf = async (passwordPolicy: string): Promise<unknown> => {
      await admin.realms.update({ realm: scratch.realm }, { passwordPolicy })
      return (await examine()).map(({ sentence }) => sentence).find((sentence) => sentence.includes('password policy'))
    }
    const known = 'The realm has a password policy, and kitter knows its rules'
    expect(await judgeOf('length(8)')).toBe(`${known}: length(8)`)
    expect(await judgeOf('passwordHistory(3)')).toBe(
      `${known}, but only Keycloak knows earlier passwords: passwordHistory(3)`,
    )
    expect(await judgeOf('')).toBe('The realm has no password policy')
  })

  it('tells that new clients have to ask for tokens for kitter, and finds that right', async () => {
    const scope = (await admin.clientScopes.find()).find(({ name }) => name === 'kitter')
    const id = scope?.id ?? ''
    await admin.clientScopes.delDefaultClientScope({ id })
    await admin.clientScopes.addDefaultOptionalClientScope({ id })
    const findings = await examine()
    await admin.clientScopes.delDefaultOptionalClientScope({ id })
    await admin.clientScopes.addDefaultClientScope({ id })
    expect(findings).toContainEqual({
      state: 'right',
      sentence: 'New clients get tokens for kitter only when they ask for the scope kitter',
    })
    expect(findings.filter(({ state }) => state !== 'right')).toHaveLength(1)
  })

  it('tells tokens from somewhere else, and for somebody else', async () => {
    const found = await problems({ issuer: 'https://id.example/realms/x', audience: 'other' })
    expect(found).toEqual([
      `wrong: Tokens come from ${options.issuer}, and kitter expects https://id.example/realms/x: it will refuse them`,
      noMail(),
      'wrong: The mapper "audience" of the client scope kitter is missing, or different',
    ])
  })

  it('tells a realm that is disabled, or not there', async () => {
    expect(await problems({ realm: 'nowhere' })).toEqual([`wrong: Keycloak at ${scratch.url} has no realm nowhere`])
    await admin.realms.update({ realm: scratch.realm }, { enabled: false })
    const found = await problems()
    await (await scratch.admin()).realms.update({ realm: scratch.realm }, { enabled: true })
    expect(found).toEqual([expect.stringMatching(/^wrong: .*(disabled|not enabled)/i)])
  })

  it('tells what is no Keycloak, and what does not answer', async () => {
    const page = createServer((_, response) =>
      response.setHeader('content-type', 'text/html').end('<html>hello</html>'),
    )
    await once(page.listen(0, '127.0.0.1'), 'listening')
    const url = `http://127.0.0.1:${(page.address() as AddressInfo).port}`
    expect(await problems({ url })).toEqual([
      expect.stringContaining(`wrong: What is at ${url} does not answer as a Keycloak`),
    ])
    page.close()
    await once(page, 'close')
    expect(await problems({ url })).toEqual([`wrong: Keycloak at ${url} refuses connections (ECONNREFUSED)`])
  })
})
