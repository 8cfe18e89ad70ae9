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

export const stringList = { type: 'array', items: { type: 'string' } } as const
export const servicesSchema = {
  type: 'object',
  additionalProperties: false,
  properties: Object.fromEntries(serviceNames.map((name) => [name, stringList])),
} as const

export const domainTexts = {
  enableAnonymous: 'Whether people without an account may come in.',
  anonymousCapabilities: 'What people without an account may do.',
  origins: 'Where browsers may come from: URLs, or regular expressions between slashes.',
  remoteSipRegister: 'Whether users register at a remote SIP server.',
  services: 'Its services and their settings.',
}
