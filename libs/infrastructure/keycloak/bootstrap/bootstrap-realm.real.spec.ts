import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { UnmanagedAttributePolicy } from '@keycloak/keycloak-admin-client/lib/defs/userProfileMetadata.js'
import { describeWith } from '../../../../test/support/real.ts'
import { bootstrapRealm } from './bootstrap-realm.ts'
import { ScratchRealm } from './scratch-realm.fixture.ts'
import { kitterRights } from './service-account-rights.ts'

const people = { clientId: 'people', publicClient: true, directAccessGrantsEnabled: true }

describeWith('keycloak', 'Bootstrap', () => {
  let scratch: ScratchRealm

  beforeEach(async () => {
    scratch = await ScratchRealm.find()
  })

  afterEach(() => scratch[Symbol.asyncDispose]())

  it('makes a realm whose tokens suit kitter, and changes nothing the second time', async () => {
    const first = await bootstrapRealm(scratch.options)
    expect(first.changes).toContain(`create the realm ${scratch.realm}`)
    expect(first.warnings).toEqual([])

    const { clientSecret } = first
    expect(await bootstrapRealm(scratch.options)).toEqual({ ...first, changes: [] })

    const admin = await scratch.admin()
    await admin.clients.create(people)
    const claims = await scratch.claimsOfUser('people', { domain: ['acme.example'] })
    expect(claims['domain']).toBe('acme.example')
    expect([claims.aud].flat()).toContain('kitter')

    const service = await scratch.token({
      grant_type: 'client_credentials',
      client_id: 'kitter',
      client_secret: clientSecret!,
    })
    expect(service).toMatch(/^ey/)
  })

  it('gives the client the secret that it is told, and keeps it when it is told none', async () => {
    const clientSecret = 'the-secret-of-the-operator'
    expect((await bootstrapRealm({ ...scratch.options, clientSecret })).clientSecret).toBe(clientSecret)
    expect((await bootstrapRealm({ ...scratch.options, clientSecret })).changes).toEqual([])
    const other = await bootstrapRealm({ ...scratch.options, clientSecret: 'another-secret' })
    expect(other.changes).toEqual(['give the client kitter the secret that was asked for'])
    const credentials = { grant_type: 'client_credentials', client_id: 'kitter', client_secret: 'another-secret' }
    expect(await scratch.token(credentials)).toMatch(/^ey/)
    expect(await bootstrapRealm(scratch.options)).toMatchObject({ changes: [], clientSecret: 'another-secret' })
  })

  it('tells in a dry run what it would do, and does nothing', async () => {
    const { changes, clientSecret } = await bootstrapRealm({ ...scratch.options, dryRun: true })
    expect(changes).toContain('create the client kitter, with a service account')
    expect(clientSecret).toBeUndefined()
    const admin = await scratch.admin('master')
    expect(await admin.realms.findOne({ realm: scratch.realm }, { catchNotFound: true })).toBeFalsy()

    await admin.realms.create({ realm: scratch.realm, enabled: true })
    const before = await admin.realms.findOne({ realm: scratch.realm })
    const there = await bootstrapRealm({ ...scratch.options, dryRun: true })
    expect(there.changes).not.toContain(`create the realm ${scratch.realm}`)
    expect(there.changes).toContain('let username be changed by administrators only (user profile)')
    expect(await (await scratch.admin()).realms.findOne({ realm: scratch.realm })).toEqual(before)
  })

  it('leaves alone what an operator set beyond it', async () => {
    const admin = await scratch.admin()
    await admin.realms.create({
      realm: scratch.realm,
      enabled: true,
      registrationAllowed: true,
      resetPasswordAllowed: true,
      passwordPolicy: 'length(12)',
      loginTheme: 'keycloak',
      smtpServer: { host: 'mail.example', from: 'a@mail.example' },
      eventsEnabled: true,
      eventsExpiration: 3600,
      enabledEventTypes: ['LOGIN'],
      attributes: { mine: 'kept' },
    })
    const profile = await admin.users.getProfile()
    const [username, ...others] = profile.attributes ?? []
    const team = {
      name: 'team',
      displayName: 'Team',
      permissions: { view: ['admin'], edit: ['admin'] },
      multivalued: false,
    }
    await admin.users.updateProfile({
      ...profile,
      attributes: [{ ...username, displayName: 'Your name' }, ...others, team],
    })
    await admin.clients.create({
      clientId: 'kitter',
      secret: 'my-secret',
      enabled: false,
      serviceAccountsEnabled: true,
      standardFlowEnabled: false,
      directAccessGrantsEnabled: false,
    })

    const { clientSecret } = await bootstrapRealm(scratch.options)
    expect(clientSecret).toBe('my-secret')
    const after = await (await scratch.admin()).realms.findOne({ realm: scratch.realm })
    expect(after).toMatchObject({
      registrationAllowed: true,
      resetPasswordAllowed: true,
      passwordPolicy: 'length(12)',
      loginTheme: 'keycloak',
      smtpServer: { host: 'mail.example' },
      eventsExpiration: 3600,
      attributes: { mine: 'kept', adminEventsExpiration: '604800' },
      loginWithEmailAllowed: false,
      editUsernameAllowed: true,
    })
    expect(after?.enabledEventTypes).toEqual(expect.arrayContaining(['LOGIN', 'UPDATE_PROFILE']))
    const mended = await (await scratch.admin()).users.getProfile()
    expect(mended.unmanagedAttributePolicy).toBe(UnmanagedAttributePolicy.AdminEdit)
    expect(mended.attributes).toContainEqual(expect.objectContaining(team))
    expect(mended.attributes?.[0]).toMatchObject({ displayName: 'Your name', permissions: { edit: ['admin'] } })
    const [client] = await (await scratch.admin()).clients.find({ clientId: 'kitter' })
    expect(client).toMatchObject({ enabled: true, standardFlowEnabled: false, serviceAccountsEnabled: true })
  })

  it('gives the claims to clients that are there once, and not again to one that an operator took them from', async () => {
    const admin = await scratch.admin()
    await admin.realms.create({ realm: scratch.realm, enabled: true })
    const { id } = await admin.clients.create(people)
    const { changes } = await bootstrapRealm(scratch.options)
    expect(changes).toContain('give the client people the client scope kitter')
    expect((await scratch.claimsOfUser('people', { domain: ['a.example'] }))['domain']).toBe('a.example')

    const again = await scratch.admin()
    const scope = (await again.clients.listDefaultClientScopes({ id })).find(({ name }) => name === 'kitter')
    await again.clients.delDefaultClientScope({ id, clientScopeId: scope?.id ?? '' })
    expect((await bootstrapRealm(scratch.options)).changes).toEqual([])
  })

  it('leaves the scope optional where an operator made it so, and tokens for kitter to whom they gave it', async () => {
    await bootstrapRealm(scratch.options)
    const admin = await scratch.admin()
    const scope = (await admin.clientScopes.find()).find(({ name }) => name === 'kitter')
    const id = scope?.id ?? ''
    await admin.clientScopes.delDefaultClientScope({ id })
    await admin.clientScopes.addDefaultOptionalClientScope({ id })
    await admin.clients.create(people)
    const portal = await admin.clients.create({ ...people, clientId: 'portal' })
    await admin.clients.delOptionalClientScope({ id: portal.id, clientScopeId: id })
    await admin.clients.addDefaultClientScope({ id: portal.id, clientScopeId: id })

    expect((await bootstrapRealm(scratch.options)).changes).toEqual([])
    const again = await scratch.admin()
    const names = async (scopes: Promise<{ name?: string }[]>) => (await scopes).map(({ name }) => name)
    expect(await names(again.clientScopes.listDefaultClientScopes())).not.toContain('kitter')
    expect(await names(again.clientScopes.listDefaultOptionalClientScopes())).toContain('kitter')
    const audiencesOf = async (clientId: string) => [(await scratch.claimsOfUser(clientId, {})).aud].flat()
    expect(await audiencesOf('people')).not.toContain('kitter')
    expect(await audiencesOf('portal')).toContain('kitter')
  })

  it('mends what somebody changed', async () => {
    await bootstrapRealm(scratch.options)
    const admin = await scratch.admin()
    const profile = await admin.users.getProfile()
    await admin.users.updateProfile({ ...profile, unmanagedAttributePolicy: UnmanagedAttributePolicy.Enabled })
    await admin.realms.update({ realm: scratch.realm }, { loginWithEmailAllowed: true })
    await admin.roles.delByName({ name: 'kitter-viewer' })
    const scope = (await admin.clientScopes.find()).find(({ name }) => name === 'kitter')
    const audience = scope?.protocolMappers?.find(({ name }) => name === 'audience')
    await admin.clientScopes.delProtocolMapper({ id: scope?.id ?? '', mapperId: audience?.id ?? '' })
    await admin.authenticationManagement.updateRequiredAction(
      { alias: 'UPDATE_PASSWORD' },
      { alias: 'UPDATE_PASSWORD', name: 'Update Password', providerId: 'UPDATE_PASSWORD', enabled: false, config: {} },
    )
    expect((await bootstrapRealm(scratch.options)).changes).toEqual([
      'let users log in by username only, not by email address',
      'let administrators, and nobody else, set further attributes: ADMIN_EDIT (user profile)',
      'enable the required action UPDATE_PASSWORD',
      'create the role kitter-viewer',
      'mend the mapper "audience" of the client scope kitter',
    ])
    expect((await bootstrapRealm(scratch.options)).changes).toEqual([])
  })

  it('gives the least rights, and takes none that an operator added', async () => {
    await bootstrapRealm(scratch.options)
    const admin = await scratch.admin()
    const [client] = await admin.clients.find({ clientId: 'kitter' })
    const [management] = await admin.clients.find({ clientId: 'realm-management' })
    const { id = '' } = await admin.clients.getServiceAccountUser({ id: client?.id ?? '' })
    const rights = { id, clientUniqueId: management?.id ?? '' }
    const names = async () => (await admin.users.listClientRoleMappings(rights)).map(({ name }) => name).toSorted()
    expect(await names()).toEqual([...kitterRights].toSorted())

    const role = await admin.clients.findRole({ id: rights.clientUniqueId, roleName: 'manage-events' })
    await admin.users.addClientRoleMappings({ ...rights, roles: [{ id: role?.id ?? '', name: 'manage-events' }] })
    await bootstrapRealm(scratch.options)
    expect(await names()).toContain('manage-events')
  })

  it('ends well when several run at once', async () => {
    const outcomes = await Promise.all([1, 2, 3, 4].map(() => bootstrapRealm(scratch.options)))
    expect(new Set(outcomes.map(({ clientSecret }) => clientSecret)).size).toBe(1)
    expect((await bootstrapRealm(scratch.options)).changes).toEqual([])
  })

  it('keeps users from setting their own domain, and lets them change their name', async () => {
    await bootstrapRealm(scratch.options)
    const admin = await scratch.admin()
    await admin.clients.create(people)
    await admin.users.create({
      username: 'mallory',
      enabled: true,
      attributes: { domain: ['acme.example'], note: ['x'] },
      credentials: [{ type: 'password', value: 'secret' }],
    })
    const token = await scratch.token({
      grant_type: 'password',
      client_id: 'people',
      username: 'mallory',
      password: 'secret',
    })
    const change = (body: object) =>
      fetch(`${scratch.url}/realms/${scratch.realm}/account/`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ username: 'mallory', ...body }),
      })
    expect((await change({ firstName: 'Mal' })).status).toBe(204)
    await change({ firstName: 'Mal', attributes: { domain: ['evil.example'], note: ['y'] } })
    const [user] = await admin.users.find({ username: 'mallory', exact: true })
    expect(user).toMatchObject({ firstName: 'Mal', attributes: { domain: ['acme.example'], note: ['x'] } })
  })

  it.each([
    [{ adminPassword: 'wrong' }, /does not let \w+ log in to its realm master: Invalid user credentials\.$/],
    [{ adminRealm: 'nowhere' }, /no Keycloak with a realm nowhere/],
    [{ url: 'http://127.0.0.1:2' }, /refuses connections \(ECONNREFUSED\)/],
    [{ url: 'http://nobody.invalid' }, /host that is not known/],
    [{ url: 'not a URL' }, /URL of Keycloak must be like/],
    [{ realm: 'master' }, /a realm of its own/],
    [{ realm: '..' }, /can't be the name of a realm/],
    [{ realm: 'a/b' }, /refused to set up the realm a\/b: Character '\/' not allowed\.$/],
  ])('says why it can not: %j', async (different, sentence) => {
    await expect(bootstrapRealm({ ...scratch.options, ...different })).rejects.toThrow(sentence)
  })

  it('says that who logged in is no administrator, and that a web page is no Keycloak', async () => {
    const admin = await scratch.admin('master')
    const username = `nobody-${scratch.realm}`
    const { id } = await admin.users.create({
      ...{ username, email: `${username}@b.example`, firstName: 'No', lastName: 'Body', enabled: true },
      credentials: [{ type: 'password', value: 'secret' }],
    })
    const attempt = bootstrapRealm({ ...scratch.options, adminUser: username, adminPassword: 'secret' })
    await expect(attempt).rejects.toThrow(/may not administer the realm .* it needs the role "admin"/)
    await admin.users.del({ id })

    const page = createServer((_, response) =>
      response.setHeader('content-type', 'text/html').end('<html>hello</html>'),
    )
    await once(page.listen(0, '127.0.0.1'), 'listening')
    const { port } = page.address() as AddressInfo
    const lost = bootstrapRealm({ ...scratch.options, url: `http://127.0.0.1:${port}` })
    await expect(lost).rejects.toThrow('does not speak as Keycloak does')
    page.close()
  })

  it("doesn't take a public client of the same name from whoever uses it", async () => {
    const admin = await scratch.admin()
    await admin.realms.create({ realm: scratch.realm, enabled: true })
    await admin.clients.create({ clientId: 'kitter', publicClient: true })
    await expect(bootstrapRealm(scratch.options)).rejects.toThrow('give kitter another with --client-id')
    const { clientId } = await bootstrapRealm({ ...scratch.options, clientId: 'kitter-service' })
    expect(clientId).toBe('kitter-service')
  })

  it.each([
    ['by which people log in', { standardFlowEnabled: true, serviceAccountsEnabled: true }],
    ['by which people log in', { standardFlowEnabled: true }],
    ['by which people log in', { implicitFlowEnabled: true, serviceAccountsEnabled: true }],
    ['by which people log in', { directAccessGrantsEnabled: true, serviceAccountsEnabled: true }],
    ['without a service account', {}],
  ])('leaves as it is a confidential client of the same name %s: %j', async (said, flows) => {
    const admin = await scratch.admin()
    await admin.realms.create({ realm: scratch.realm, enabled: true })
    const none = { standardFlowEnabled: false, directAccessGrantsEnabled: false }
    await admin.clients.create({ clientId: 'kitter', secret: 'of-the-portal', ...none, ...flows })
    const [before] = await admin.clients.find({ clientId: 'kitter' })
    const attempt = bootstrapRealm({ ...scratch.options, clientSecret: 'another-secret' })
    await expect(attempt).rejects.toThrow(`has a client kitter ${said}, so something else uses it: give kitter another`)
    const [after] = await (await scratch.admin()).clients.find({ clientId: 'kitter' })
    expect(after).toMatchObject({ ...none, ...flows, secret: before?.secret })
  })

  it('mends the client that it made, when somebody switched log-in on', async () => {
    await bootstrapRealm(scratch.options)
    const admin = await scratch.admin()
    const [client] = await admin.clients.find({ clientId: 'kitter' })
    await admin.clients.update({ id: client?.id ?? '' }, { ...client, standardFlowEnabled: true })
    expect((await bootstrapRealm(scratch.options)).changes).toEqual([
      'switch, for the client kitter, standardFlowEnabled off',
    ])
  })
})
