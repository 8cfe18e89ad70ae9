import { Injectable } from '@nestjs/common'
import { Administrators } from '#core/users'
import { type Role, roles, systemRefused } from '#kernel'
import { read } from '../realm/answer-shapes.ts'
import { isMissing } from '../realm/keycloak-answer.ts'
import { KeycloakRealm } from '../realm/keycloak-realm.ts'

/** By the roles that an account has in effect: its own, its groups', and those inside others. */
@Injectable()
export class KeycloakAdministrators extends Administrators {
  private managementClient: string | undefined

  constructor(private readonly realm: KeycloakRealm) {
    super()
  }

  override async includes(userId: string): Promise<boolean> {
    try {
      const [own, management] = await Promise.all([this.realmRoles(userId), this.managementRoles(userId)])
      return own.some((name) => name.startsWith('kitter-')) || management.length > 0
    } catch (error) {
      if (isMissing(error, 'user')) return false
      // the realm may be another one meanwhile, with other ids
      this.managementClient = undefined
      throw error
    }
  }

  override async roleOf(userId: string): Promise<Role | undefined> {
    try {
      const own = await this.realmRoles(userId)
      return roles.find((role) => own.includes(role))
    } catch (error) {
      if (isMissing(error, 'user')) return undefined
      throw error
    }
  }

  private async realmRoles(id: string): Promise<readonly string[]> {
    const mapped = await this.realm.ask((admin) => admin.users.listCompositeRealmRoleMappings({ id }))
    return read('roles', mapped).map(({ name }) => name)
  }

  private async managementRoles(id: string): Promise<readonly string[]> {
    const clientUniqueId = await this.managementClientId()
    const mapped = await this.realm.ask((admin) => admin.users.listCompositeClientRoleMappings({ id, clientUniqueId }))
    return read('roles', mapped).map(({ name }) => name)
  }

  private async managementClientId(): Promise<string> {
    if (this.managementClient !== undefined) return this.managementClient
    const query = { clientId: 'realm-management' }
    const [client] = read('clients', await this.realm.ask((admin) => admin.clients.find(query)))
    if (client === undefined) throw systemRefused('Keycloak')
    this.managementClient = client.id
    return client.id
  }
}
