import { describe, expect, it } from 'vitest'
import { type ServiceAnswer, serviceAnswer } from '../../service/service-answer.ts'
import type { ServiceRequest } from '../../service/service-client.ts'
import { DomainCreator } from './domain-creator.ts'

const none = serviceAnswer(200, { domains: [] }, 'secret')

function serviceThat(create: ServiceAnswer, found = none) {
  const requests: string[] = []
  const send = ({ method, path }: ServiceRequest): Promise<ServiceAnswer> => {
    requests.push(`${method} ${path}`)
    return Promise.resolve(method === 'GET' ? found : create)
  }
  return { send, requests }
}

describe('DomainCreator', () => {
  it('creates an unknown domain once, however many rows want it', async () => {
    const service = serviceThat(serviceAnswer(201, {}, 'secret'))
    const domains = new DomainCreator(service)
    await Promise.all(['acme.example', 'ACME.example', 'acme.example'].map((name) => domains.ensure(name)))
    expect(service.requests).toEqual(['GET /domains?name=acme.example', 'POST /domains'])
    expect(domains.created).toBe(1)
  })

  it('leaves a domain alone that is there', async () => {
    const found = serviceAnswer(200, { domains: [{ domain: 'acme.example' }] }, 'secret')
    const service = serviceThat(serviceAnswer(201, {}, 'secret'), found)
    const domains = new DomainCreator(service)
    expect(await domains.ensure('acme.example')).toBeUndefined()
    expect(service.requests).toEqual(['GET /domains?name=acme.example'])
    expect(domains.created).toBe(0)
  })

  it('is content when somebody else was faster', async () => {
    const taken = serviceAnswer(409, { error: 'Taken.', code: 'domain.name_taken' }, 'secret')
    const domains = new DomainCreator(serviceThat(taken))
    expect(await domains.ensure('acme.example')).toBeUndefined()
    expect(domains.created).toBe(0)
  })

  it("gives the service's reason for every row of a domain that can't be", async () => {
    const invalid = serviceAnswer(400, { error: 'domain.domain is no name.', code: 'request.invalid' }, 'secret')
    const service = serviceThat(invalid)
    const domains = new DomainCreator(service)
    const sentence = 'The domain could not be created: domain.domain is no name.'
    expect(await domains.ensure('a b')).toBe(sentence)
    expect(await domains.ensure('a b')).toBe(sentence)
    expect(service.requests).toEqual(['GET /domains?name=a%20b', 'POST /domains'])
  })
})
