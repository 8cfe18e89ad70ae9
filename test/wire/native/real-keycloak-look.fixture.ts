import type KeycloakAdminClient from '@keycloak/keycloak-admin-client'
import { giveRealmRole } from '../../support/keycloak/give-realm-role.ts'
import type { Mailbox } from '../../support/mailbox.ts'
import type { RealRealm } from '../../support/real-realm.ts'
import type { Account, AccountChange, KeycloakLook } from './keycloak-look.fixture.ts'

/** A realm of the real Keycloak, seen by its administrator. */
export class RealKeycloakLook implements KeycloakLook {
  private readonly admin: KeycloakAdminClient
  private readonly mailbox: Mailbox

  constructor({ realm, mailbox }: { readonly realm: RealRealm; readonly mailbox: Mailbox }) {
    this.admin = realm.admin
    this.mailbox = mailbox
  }

  async account(id: string): Promise<Account | undefined> {
    const user = await this.admin.users.findOne({ id })
    if (user === undefined) return undefined
    const roles = await this.admin.users.listRealmRoleMappings({ id })
    return {
      login_name: user.username ?? '',
      email: user.email ?? null,
      email_verified: user.emailVerified ?? false,
      enabled: user.enabled ?? false,
      first_name: user.firstName ?? null,
      last_name: user.lastName ?? null,
      attributes: user.attributes ?? {},
      roles: roles.map(({ name = '' }) => name).filter((name) => !name.startsWith('default-roles-')),
    }
  }

  async accountsNamed(loginName: string): Promise<number> {
    return (await this.admin.users.find({ username: loginName, exact: true })).length
  }

  everything(): Promise<unknown> {
    return this.admin.users.find({ max: 10_000, briefRepresentation: true })
  }

  async createAccount(loginName: string, email?: string): Promise<string> {
    const user = { username: loginName, enabled: true, ...(email !== undefined && { email }) }
    return (await this.admin.users.create(user)).id
  }

  async giveAttribute(id: string, name: string, value: string): Promise<void> {
    const user = await this.admin.users.findOne({ id })
    await this.admin.users.update({ id }, { ...user, attributes: { ...user?.attributes, [name]: [value] } })
  }

  async changeAccount(id: string, { loginName, ...change }: AccountChange): Promise<void> {
    const user = await this.admin.users.findOne({ id })
    const renamed = loginName === undefined ? {} : { username: loginName }
    await this.admin.users.update({ id }, { ...user, ...change, ...renamed })
  }

  async setPassword(id: string, value: string): Promise<void> {
    await this.admin.users.resetPassword({ id, credential: { type: 'password', value, temporary: false } })
  }

  async giveRole(id: string, name: string): Promise<void> {
    await giveRealmRole(this.admin, id, name)
  }

  async removeAccount(loginName: string): Promise<void> {
    const [user] = await this.admin.users.find({ username: loginName, exact: true })
    await this.admin.users.del({ id: user?.id ?? '' })
  }

  async sessionsOf(id: string): Promise<number> {
    const clients = await this.admin.clients.find()
    const ofClients = clients.map(async ({ id: client = '' }) => {
      const online = await this.admin.clients.listSessions({ id: client, max: 10_000 })
      const offline = await this.admin.clients.listOfflineSessions({ id: client, max: 10_000 })
      return [...online, ...offline].filter(({ userId }) => userId === id).length
    })
    return (await Promise.all(ofClients)).reduce((sum, count) => sum + count, 0)
  }

  async mailsTo(address: string): Promise<readonly string[]> {
    return Promise.resolve(this.mailbox.to(address.toLowerCase()).map(({ links }) => links[0] ?? ''))
  }
}
