import type UserRepresentation from '@keycloak/keycloak-admin-client/lib/defs/userRepresentation.js'
import type { RealRealm } from '../../support/real-realm.ts'
import type { TestKitter } from '../../support/test-kitter.ts'
import type { DatabaseLook } from '../../wire/native/database-look.fixture.ts'

export type RolesOf = Readonly<Record<string, readonly string[]>>

/** Who is in kitter's realm, as its administrator sees and makes them. */
export class Tenants {
  private constructor(private readonly realm: RealRealm) {}

  static of({ real }: TestKitter): Tenants {
    if (real === undefined) throw new Error('this kitter runs on the sandbox')
    return new Tenants(real.realm)
  }

  async keepNoEvents(): Promise<void> {
    const { admin, realm } = this.realm
    await admin.realms.update({ realm }, { eventsEnabled: false, adminEventsEnabled: false })
  }

  /** Of kitter's service account and of its administrators. */
  async roles(): Promise<RolesOf> {
    const { clients, users } = this.realm.admin
    const [client] = await clients.find({ clientId: this.realm.clientId })
    const service = await clients.getServiceAccountUser({ id: client?.id ?? '' })
    const administrators = await users.find({ username: 'kitter-admin-' })
    const entries = [service, ...administrators].map(async ({ id = '', username = '', enabled }) => {
      return [username, [`enabled: ${String(enabled)}`, ...(await this.rolesOf(id))]] as const
    })
    return Object.fromEntries(await Promise.all(entries))
  }

  async rolesOf(id: string): Promise<readonly string[]> {
    const { realmMappings = [], clientMappings = {} } = await this.realm.admin.users.listRoleMappings({ id })
    const ofClients = Object.entries(clientMappings as Record<string, { mappings: { name: string }[] }>)
    return [
      ...realmMappings.map(({ name = '' }) => name),
      ...ofClients.flatMap(([client, { mappings }]) => mappings.map(({ name }) => `${client}: ${name}`)),
    ].toSorted()
  }

  /** As kitter itself. */
  logInAgain(): Promise<{ readonly status: number }> {
    return this.realm.serviceToken()
  }

  domainAdmin(domain: string): Promise<string> {
    return this.realm.accessToken('kitter-domain-admin', domain)
  }

  async makeAccount(username: string, password: string): Promise<string> {
    const credentials = [{ type: 'password', value: password, temporary: false }]
    return (await this.realm.admin.users.create({ username, enabled: true, credentials })).id
  }

  /** In the console. */
  async change(id: string, change: UserRepresentation): Promise<void> {
    const { users } = this.realm.admin
    await users.update({ id }, { ...(await users.findOne({ id })), ...change })
  }

  /** Where people see their own account. */
  async changeOwn(username: string, password: string, change: UserRepresentation): Promise<void> {
    const { access_token: token = '' } = await this.realm.logIn(username, password)
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', accept: 'application/json' }
    const url = `${this.realm.issuer}/account`
    const own = (await (await fetch(url, { headers })).json()) as UserRepresentation
    const { ok, status } = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ ...own, ...change }) })
    if (!ok) throw new Error(`${username} may not change the own account: ${status}`)
  }

  /** All that Keycloak keeps of everybody. */
  everybody(): Promise<readonly object[]> {
    return this.realm.admin.users.find({ max: 10_000, briefRepresentation: false })
  }
}

/** All that the three have. */
export async function census(look: DatabaseLook, tenants: Tenants): Promise<readonly unknown[]> {
  const tables = ['kitter.users', 'kitter.domains', 'sandbox.wac_users', 'sandbox.wac_domains']
  const rows: unknown[] = [await tenants.everybody()]
  for (const table of tables) rows.push(await look.rows(`SELECT * FROM ${table} ORDER BY id`))
  return rows
}
