import { checkBoolean } from '#kernel'
import { checkQuery, Field, ObjectField } from '#rest'
import type { DomainChange, NewDomain } from '../application/domains.service.ts'
import type { DomainFilter } from '../application/domain-records.ts'
import { checkDomainName, type DomainName, parseDomainName } from '../domain/domain-name.ts'
import {
  checkDomainServices,
  checkDomainServicesPatch,
  type DomainServices,
  type DomainServicesPatch,
} from '../domain/domain-services.ts'
import { checkCapabilities, checkOrigins } from '../domain/origin.ts'
import { domainTexts, exampleDomain, servicesPatchSchema, servicesSchema, stringList } from './domain-documentation.ts'

const name = {
  check: checkDomainName,
  type: String,
  description: 'Its name: labels of letters, digits, `-` and `_` joined by dots, kept lower-case.',
  minLength: 1,
  maxLength: 253,
  example: 'example.com',
}
const enableAnonymous = {
  check: checkBoolean,
  type: Boolean,
  description: domainTexts.enableAnonymous,
  example: false,
}
const anonymousCapabilities = {
  check: checkCapabilities,
  ...stringList,
  description: domainTexts.anonymousCapabilities,
  example: ['call'],
}
const origins = {
  check: checkOrigins,
  ...stringList,
  description: domainTexts.origins,
  example: ['https://example.com'],
}
const remoteSipRegister = {
  check: checkBoolean,
  type: Boolean,
  description: `${domainTexts.remoteSipRegister} Contact your administrator to have this service switched on.`,
  example: false,
}
const ignoredId = {
  check: () => [],
  type: String,
  deprecated: true,
  description: 'Ignored: wac-core gives the id.',
  example: exampleDomain.id,
}

export class DomainFields {
  @Field(ignoredId)
  readonly id?: unknown

  @Field({ ...name, required: true })
  readonly domain!: string

  @Field({ ...enableAnonymous, default: false })
  readonly enable_anonymous?: boolean

  @Field({ ...anonymousCapabilities, default: [] })
  readonly anonymous_capabilities?: readonly string[]

  @Field({ ...origins, default: [] })
  readonly origins?: readonly string[]

  @Field({
    check: checkDomainName,
    nullable: true,
    type: String,
    description: "The name of the domain above it; without one, the root, or a domain admin's own domain.",
    minLength: 1,
    maxLength: 253,
    example: 'quobis',
  })
  readonly parent?: string | null

  @Field({ ...remoteSipRegister, default: false })
  readonly remote_sip_register?: boolean

  @Field({
    check: checkDomainServices,
    ...servicesSchema,
    description: domainTexts.services,
    example: exampleDomain.services,
  })
  readonly services?: DomainServices
}

export class CreateDomainBody {
  @ObjectField({ type: () => DomainFields, required: true, description: 'The new domain.' })
  readonly domain!: DomainFields
}

/** Bare fields, not wrapped. */
export class UpdateDomainBody {
  @Field(ignoredId)
  readonly id?: unknown

  @Field(name)
  readonly domain?: string

  @Field(enableAnonymous)
  readonly enable_anonymous?: boolean

  @Field(anonymousCapabilities)
  readonly anonymous_capabilities?: readonly string[]

  @Field(origins)
  readonly origins?: readonly string[]

  @Field({
    check: checkDomainName,
    nullable: true,
    type: String,
    description: 'The name of the new domain above it; `null` is the root.',
    minLength: 1,
    maxLength: 253,
    example: 'parent.example.com',
  })
  readonly parent?: string | null

  @Field(remoteSipRegister)
  readonly remote_sip_register?: boolean

  @Field({
    check: checkDomainServicesPatch,
    ...servicesPatchSchema,
    description: 'Services to change, key by key; `null` removes one.',
    example: { contacts: ['wac'] },
  })
  readonly services?: DomainServicesPatch
}

export class DomainsQuery {
  @Field({
    check: checkQuery,
    type: String,
    description: 'Only the domain with exactly this name.',
    example: 'example.com',
  })
  readonly name?: string

  @Field({
    check: checkQuery,
    type: String,
    description: 'Only domains whose name contains this text, in any case.',
    example: 'example',
  })
  readonly nameContains?: string
}

export function newDomainOf({ domain: fields }: CreateDomainBody): NewDomain {
  const parent = nameOf(fields.parent)
  return {
    name: parseDomainName(fields.domain),
    enableAnonymous: fields.enable_anonymous ?? false,
    anonymousCapabilities: fields.anonymous_capabilities ?? [],
    origins: fields.origins ?? [],
    remoteSipRegister: fields.remote_sip_register ?? false,
    services: fields.services ?? {},
    ...(parent !== undefined && { parent }),
  }
}

export function domainChangeOf(body: UpdateDomainBody): DomainChange {
  const parent = body.parent === null ? null : nameOf(body.parent)
  const newName = nameOf(body.domain)
  return {
    ...(newName !== undefined && { name: newName }),
    ...(parent !== undefined && { parent }),
    ...(body.enable_anonymous !== undefined && { enableAnonymous: body.enable_anonymous }),
    ...(body.anonymous_capabilities !== undefined && { anonymousCapabilities: body.anonymous_capabilities }),
    ...(body.origins !== undefined && { origins: body.origins }),
    ...(body.remote_sip_register !== undefined && { remoteSipRegister: body.remote_sip_register }),
    ...(body.services !== undefined && { services: body.services }),
  }
}

export function domainFilterOf({ name: exactly, nameContains }: DomainsQuery): DomainFilter {
  return {
    ...(exactly !== undefined && { name: exactly.toLowerCase() }),
    ...(nameContains !== undefined && { nameContains: nameContains.toLowerCase() }),
  }
}

function nameOf(text: string | null | undefined): DomainName | undefined {
  return text === undefined || text === null ? undefined : parseDomainName(text)
}
