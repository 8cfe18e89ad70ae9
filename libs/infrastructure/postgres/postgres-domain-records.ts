import { Injectable } from '@nestjs/common'
import type { Scope, Transaction } from '#kernel'
import {
  type Domain,
  type DomainFilter,
  DomainRecords,
  type DomainName,
  type DomainServices,
  parseDomainName,
} from '#core/domains'
import { Conditions, containing } from './conditions.ts'
import { Database } from './database.ts'
import { GroupedCalls } from './grouped-calls.ts'
import { queriesOf } from './postgres-transaction.ts'
import { withinScope } from './scope-condition.ts'

interface DomainRow {
  readonly id: string
  readonly name: string
  readonly parent: string | null
  readonly enable_anonymous: boolean
  readonly anonymous_capabilities: readonly string[]
  readonly origins: readonly string[]
  readonly remote_sip_register: boolean
  readonly services: DomainServices
}

const columns = 'id, name, parent, enable_anonymous, anonymous_capabilities, origins, remote_sip_register, services'

@Injectable()
export class PostgresDomainRecords extends DomainRecords {
  private readonly named = new GroupedCalls<DomainName, Domain | undefined>((names) => this.allNamed(names))

  constructor(private readonly database: Database) {
    super()
  }

  override list(scope: Scope, { name, nameContains }: DomainFilter): Promise<readonly Domain[]> {
    const conditions = new Conditions()
      .given(name, (value) => `name = ${value}`)
      .given(containing(nameContains?.toLowerCase()), (value) => `name LIKE ${value}`)
    return this.select(withinScope(conditions, scope, 'name'))
  }

  override async find(scope: Scope, id: string): Promise<Domain | undefined> {
    const conditions = new Conditions().and((value) => `id = ${value(id)}`)
    return (await this.select(withinScope(conditions, scope, 'name')))[0]
  }

  override async findByName(scope: Scope, name: DomainName): Promise<Domain | undefined> {
    if (scope.everything) return this.named.make(name)
    const conditions = new Conditions().and((value) => `name = ${value(name)}`)
    return (await this.select(withinScope(conditions, scope, 'name')))[0]
  }

  override children(name: DomainName): Promise<readonly Domain[]> {
    return this.select(new Conditions().and((value) => `parent = ${value(name)}`))
  }

  override async countUsers(name: DomainName): Promise<number> {
    const [row] = await this.database.rows<{ count: number }>(
      'SELECT count(*)::int AS count FROM kitter.users WHERE domain = $1',
      name,
    )
    return row?.count ?? 0
  }

  override async add(domain: Domain, within: Transaction): Promise<void> {
    await queriesOf(within).rows(
      `INSERT INTO kitter.domains (${columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      ...parametersOf(domain),
    )
  }

  override async replace(domain: Domain, within: Transaction, formerId = domain.id): Promise<void> {
    const sql = `
      UPDATE kitter.domains
      SET id = $1, name = $2, parent = $3, enable_anonymous = $4, anonymous_capabilities = $5, origins = $6, remote_sip_register = $7,
        services = $8, updated_at = now()
      WHERE id = $9`
    await queriesOf(within).rows(sql, ...parametersOf(domain), formerId)
  }

  override async remove(id: string, within: Transaction): Promise<void> {
    await queriesOf(within).rows('DELETE FROM kitter.domains WHERE id = $1', id)
  }

  private async allNamed(names: readonly DomainName[]): Promise<readonly (Domain | undefined)[]> {
    const found = await this.select(new Conditions().and((value) => `name = ANY(${value(names)}::text[])`))
    const domains = new Map(found.map((domain) => [domain.name, domain]))
    return names.map((name) => domains.get(name))
  }

  private async select({ where, parameters }: Conditions): Promise<readonly Domain[]> {
    const rows = await this.database.rows<DomainRow>(
      `SELECT ${columns} FROM kitter.domains ${where} ORDER BY name`,
      ...parameters,
    )
    return rows.map(domainOf)
  }
}

function domainOf(row: DomainRow): Domain {
  return {
    id: row.id,
    name: parseDomainName(row.name),
    parent: row.parent === null ? undefined : parseDomainName(row.parent),
    enableAnonymous: row.enable_anonymous,
    anonymousCapabilities: row.anonymous_capabilities,
    origins: row.origins,
    remoteSipRegister: row.remote_sip_register,
    services: row.services,
  }
}

function parametersOf(domain: Domain): unknown[] {
  return [
    domain.id,
    domain.name,
    domain.parent ?? null,
    domain.enableAnonymous,
    JSON.stringify(domain.anonymousCapabilities),
    JSON.stringify(domain.origins),
    domain.remoteSipRegister,
    JSON.stringify(domain.services),
  ]
}
