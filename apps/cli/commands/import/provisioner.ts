import { randomUUID } from 'node:crypto'
import { isPlainObject } from '#kernel'
import type { ServiceClient } from '../../service/service-client.ts'
import type { DomainCreator } from './domain-creator.ts'
import { type NewUser, newUserOf, problemsOf } from './new-user.ts'
import type { PersonRow } from './people-file.ts'
import { refused, type RowOutcome } from './row-outcome.ts'
import { Turns } from './turns.ts'

/** Makes users of rows, through the service's API. */
export class Provisioner {
  private readonly service: Pick<ServiceClient, 'send'>
  private readonly domains: DomainCreator | undefined
  private readonly turns = new Turns()

  /** Without a `DomainCreator`, a user of an unknown domain is refused by the service. */
  constructor(service: Pick<ServiceClient, 'send'>, domains: DomainCreator | undefined) {
    this.service = service
    this.domains = domains
  }

  async provision({ values, problem }: PersonRow): Promise<RowOutcome> {
    if (problem !== undefined) return refused(problem)
    const problems = problemsOf(values)
    if (problems.length > 0) return refused(`The row is not valid: ${problems.join('; ')}.`)
    const user = newUserOf(values)
    const lacking = await this.domains?.ensure(user.attributes.domain)
    if (lacking !== undefined) return refused(lacking)
    // a name that is being created is taken, but can't be found yet
    return this.turns.take(keptName(user.username), () => this.create(user))
  }

  private async create(user: NewUser): Promise<RowOutcome> {
    const { status, code, sentence } = await this.service.send({
      method: 'POST',
      path: '/users',
      body: { user },
      idempotencyKey: randomUUID(),
    })
    if (status === 201) return { kind: 'created' }
    if (code !== 'user.name_taken') return refused(sentence)
    if (await this.isThere(user)) return { kind: 'already there' }
    return refused(`${sentence} It is not in ${user.attributes.domain}: another domain has it, or it is being created.`)
  }

  private async isThere({ username, attributes: { domain } }: NewUser): Promise<boolean> {
    const path = `/users/${encodeURIComponent(domain)}/${encodeURIComponent(username)}`
    const { status, body } = await this.service.send({ method: 'GET', path })
    // a username of dots leads elsewhere: URLs know . and .. as ways
    const name = isPlainObject(body) ? body['username'] : undefined
    return status === 200 && typeof name === 'string' && keptName(name) === keptName(username)
  }
}

/** As kitter keeps it. */
function keptName(username: string): string {
  return username.toLowerCase().normalize('NFC')
}
