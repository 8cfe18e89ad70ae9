import { serviceNames } from '../domain/domain-services.ts'

export const exampleDomain = {
  id: '507f1f77bcf86cd799439011',
  domain: 'example.com',
  enable_anonymous: false,
  anonymous_capabilities: [],
  origins: ['https://example.com'],
  parent: 'quobis',
  remote_sip_register: false,
  services: { contacts: ['wac', 'static'] },
}

export const newDomainExamples = {
  'A domain': { domain: { domain: 'example.com', origins: ['https://example.com'] } },
  'A subdomain with services': {
    domain: { domain: 'sales.example.com', parent: 'example.com', services: { contacts: ['wac', 'static'] } },
  },
}

export const updateDomainExamples = {
  'Other origins': { origins: ['https://example.com', '/.*\\.example\\.com/'] },
  'Services, one removed': { services: { contacts: ['wac'], meetings: null } },
  'Move below the root': { parent: null },
}

export const stringList = { type: 'array', items: { type: 'string' } } as const
export const servicesSchema = servicesOf(stringList)
export const servicesPatchSchema = servicesOf({ ...stringList, nullable: true })

export const domainTexts = {
  enableAnonymous: 'Whether people without an account may come in.',
  anonymousCapabilities: 'What people without an account may do.',
  origins: 'Where browsers may come from: URLs, or regular expressions between slashes.',
  remoteSipRegister: 'Whether users register at a remote SIP server.',
  services: 'Its services and their settings.',
}

function servicesOf<Setting extends object>(setting: Setting) {
  const properties = Object.fromEntries(serviceNames.map((name) => [name, setting]))
  return { type: 'object', additionalProperties: false, properties } as const
}
