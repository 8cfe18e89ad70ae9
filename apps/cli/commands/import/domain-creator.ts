import { randomUUID } from 'node:crypto'
import { isPlainObject } from '#kernel'
import type { ServiceClient } from '../../service/service-client.ts'

/** Creates domains that the service doesn't know, each once, however many rows want it at the same time. */
export class DomainCreator {
  private readonly service: Pick<ServiceClient, 'send'>
  private readonly domains = new Map<string, Promise<string | undefined>>()
  private count = 0

  constructor(service: Pick<ServiceClient, 'send'>) {
    this.service = service
  }

  get created(): number {
    return this.count
  }

  /** Settles when the domain is there, or with the reason why it can't be. */
  ensure(domain: string): Promise<string | undefined> {
    const name = domain.toLowerCase()
    const known = this.domains.get(name) ?? this.find(name)
    this.domains.set(name, known)
    return known
  }

  private async find(name: string): Promise<string | undefined> {
    const found = await this.service.send({ method: 'GET', path: `/domains?name=${encodeURIComponent(name)}` })
    if (found.status !== 200) return `The domain could not be looked for: ${found.sentence}`
    const listed = isPlainObject(found.body) ? found.body['domains'] : undefined
    return Array.isArray(listed) && listed.length > 0 ? undefined : this.create(name)
  }

  private async create(name: string): Promise<string | undefined> {
    const { status, code, sentence } = await this.service.send({
      method: 'POST',
      path: '/domains',
      body: { domain: { domain: name } },
      idempotencyKey: randomUUID(),
    })
    if (status === 201) this.count++
    if (status === 201 || code === 'domain.name_taken') return undefined
    return `The domain could not be created: ${sentence}`
  }
}
