import { z } from 'zod'

/** What callers send. Keys that aren't named here are kept, but for the id, which is wac-core's to give. */
const text = z.string()
const texts = z.array(text)

export const domainBody = z
  .looseObject({
    domain: text.min(1),
    parent: text.nullable().default(null),
    origins: texts.default([]),
    enableAnonymous: z.boolean().default(false),
    anonymousExpiration: z.number().default(0),
    anonymousCapabilities: texts.default([]),
    services: z.record(text, texts).default({}),
    remoteSipRegister: z.boolean().default(false),
  })
  .transform(({ id: _, ...body }) => body)

export const userBody = z
  .looseObject({
    domain: text.default(''),
    username: text.min(1),
    displayName: text.optional(),
    email: text.optional(),
    role: text.default('user'),
    capabilities: texts.default([]),
    mobilePhone: texts.default([]),
    currentTimezone: text.optional(),
    locale: text.optional(),
    externalId: text.optional(),
  })
  .transform(({ id: _, ...body }) => body)

export const sipMappingBody = z.looseObject({
  ownerUri: text.regex(/^wac-user:/, 'must be wac-user: and the id of a user'),
  credential: z.looseObject({ username: text.min(1), password: text.default('') }),
})

export const userQuery = z.object({ domain: text.min(1).optional(), username: text.min(1).optional() })

export const sipMappingQuery = z.object({ ownerUri: text.optional() })

export type DomainBody = z.output<typeof domainBody>
export type UserBody = z.output<typeof userBody>
export type SipMappingBody = z.output<typeof sipMappingBody>
export type UserQuery = z.output<typeof userQuery>
export type SipMappingQuery = z.output<typeof sipMappingQuery>
