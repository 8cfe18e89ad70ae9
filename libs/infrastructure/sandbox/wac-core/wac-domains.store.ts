import { Injectable } from '@nestjs/common'
import type { DomainError } from '#kernel'
import { domainNameTaken, unknownDomain } from '#core/domains'
import { type WacDomain, type WacDomainBody, wacDomainHasUsers } from '#infrastructure/wac-core'
import { refusing } from '../database/refusing.ts'
import { SandboxDatabase } from '../database/sandbox-database.ts'
import { newWacId } from './wac-id.ts'

interface Row {
  readonly id: string
  readonly document: WacDomainBody
}

/** The domains of wac-core's stand-in. */
@Injectable()
export class WacDomainsStore {
  constructor(private readonly database: SandboxDatabase) {}

  async list(): Promise<readonly WacDomain[]> {
    return (await this.database.rows<Row>('SELECT id, document FROM sandbox.wac_domains ORDER BY domain')).map(domainOf)
  }

  async find(id: string): Promise<WacDomain | undefined> {
    return (await this.database.rows<Row>('SELECT id, document FROM sandbox.wac_domains WHERE id = $1', id)).map(
      domainOf,
    )[0]
  }

  async add(body: WacDomainBody): Promise<WacDomain> {
    const id = newWacId()
    const sql = 'INSERT INTO sandbox.wac_domains (id, document) VALUES ($1, $2)'
    await refusing(refusalsOf(body.domain), this.database.rows(sql, id, JSON.stringify(body)))
    return { ...body, id }
  }

  /** Reads, changes and writes while nobody else does. Gives back how it was before. */
  change(id: string, changed: (before: WacDomain) => WacDomainBody): Promise<WacDomain> {
    return this.database.transaction(async (queries) => {
      const sql = 'SELECT id, document FROM sandbox.wac_domains WHERE id = $1 FOR UPDATE'
      const [before] = (await queries.rows<Row>(sql, id)).map(domainOf)
      if (before === undefined) throw unknownDomain()
      const { id: _, ...body }: WacDomainBody & { id?: string } = changed(before)
      const write = queries.rows('UPDATE sandbox.wac_domains SET document = $2 WHERE id = $1', id, JSON.stringify(body))
      await refusing(refusalsOf(body.domain), write)
      return before
    })
  }

  async remove(id: string): Promise<void> {
    const removing = this.database.rows('DELETE FROM sandbox.wac_domains WHERE id = $1 RETURNING id', id)
    if ((await refusing(refusalsOf(), removing)).length === 0) throw unknownDomain()
  }
}

function domainOf({ id, document }: Row): WacDomain {
  return { ...document, id }
}

function refusalsOf(name = ''): Readonly<Record<string, () => DomainError>> {
  return { wac_domains_name_key: () => domainNameTaken(name), wac_users_domain_fkey: wacDomainHasUsers }
}
