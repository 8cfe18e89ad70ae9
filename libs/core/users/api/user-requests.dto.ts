import { checkBoolean, textOf } from '#kernel'
import { type DomainName, parseDomainName } from '#core/domains'
import { checkQuery, checkQueryBoolean, Field, ObjectField, PageQuery } from '#rest'
import type { UserFilter } from '../application/user-records.ts'
import type { ChangedUser, NewUser } from '../application/users.service.ts'
import { checkEmail } from '../domain/email-address.ts'
import { checkPassword } from '../domain/password.ts'
import { checkPersonName } from '../domain/person-name.ts'
import { checkSipPassword, checkSipUserName } from '../domain/sip-mapping.ts'
import { type AttributesInput, checkAttributes, mergeAttributes, valuesOf } from '../domain/user-attributes.ts'
import { checkUserName, parseUserName } from '../domain/user-name.ts'
import { attributesInputSchema, exampleUser, userTexts } from './user-documentation.ts'

const ignoredId = {
  check: () => [],
  type: String,
  deprecated: true,
  description: 'Ignored: kitter gives the id.',
  example: exampleUser.id,
}
const username = {
  check: checkUserName,
  type: String,
  description: userTexts.username,
  minLength: 1,
  maxLength: 255,
  example: 'johndoe',
}
const email = {
  check: checkEmail,
  nullable: true,
  type: String,
  description: userTexts.email,
  minLength: 1,
  maxLength: 255,
  example: 'user@example.com',
}
const enabled = { check: checkBoolean, type: Boolean, description: userTexts.enabled, example: true }
const firstName = {
  check: checkPersonName,
  nullable: true,
  type: String,
  description: userTexts.firstName,
  maxLength: 255,
  example: 'John',
}
const lastName = {
  check: checkPersonName,
  nullable: true,
  type: String,
  description: userTexts.lastName,
  maxLength: 255,
  example: 'Doe',
}
const emailVerified = { check: checkBoolean, type: Boolean, description: userTexts.emailVerified, example: false }

export class CredentialsFields {
  @Field({
    check: checkPassword,
    required: true,
    type: String,
    description: 'The new password.',
    format: 'password',
    minLength: 1,
    maxLength: 255,
    example: 'correct horse battery staple',
  })
  readonly password!: string

  @Field({
    check: checkBoolean,
    type: Boolean,
    description: 'Whether the user must choose another one at the next log-in.',
    default: false,
    example: false,
  })
  readonly temporary?: boolean
}

export class SipMappingFields {
  @Field({
    check: checkSipUserName,
    required: true,
    type: String,
    description: 'The SIP account to register with.',
    minLength: 1,
    maxLength: 255,
    example: '205',
  })
  readonly username!: string

  @Field({
    check: checkSipPassword,
    type: String,
    description: 'Its password.',
    format: 'password',
    default: '',
    maxLength: 255,
    example: 'sip secret',
  })
  readonly password?: string
}

export class CreateUserFields {
  @Field(ignoredId)
  readonly id?: unknown

  @Field({ ...username, required: true })
  readonly username!: string

  @Field(email)
  readonly email?: string | null

  @Field({ ...enabled, default: true })
  readonly enabled?: boolean

  @Field(firstName)
  readonly first_name?: string | null

  @Field(lastName)
  readonly last_name?: string | null

  @Field({ ...emailVerified, default: false })
  readonly email_verified?: boolean

  @Field({
    check: checkAttributes,
    ...attributesInputSchema,
    example: exampleUser.attributes,
    description: `${userTexts.attributes} Without a domain, the user lives in the root, or in a domain admin's own domain.`,
  })
  readonly attributes?: AttributesInput

  @ObjectField({ type: () => CredentialsFields, description: 'The password to log in with.' })
  readonly credentials?: CredentialsFields

  @ObjectField({ type: () => SipMappingFields, description: 'If given, the SIP mapping is provisioned as well.' })
  readonly sip_mapping?: SipMappingFields
}

export class CreateUserBody {
  @ObjectField({ type: () => CreateUserFields, required: true, description: 'The new user.' })
  readonly user!: CreateUserFields
}

/** Bare fields, not wrapped. */
export class UpdateUserBody {
  @Field(ignoredId)
  readonly id?: unknown

  @Field(username)
  readonly username?: string

  @Field(email)
  readonly email?: string | null

  @Field(enabled)
  readonly enabled?: boolean

  @Field(firstName)
  readonly first_name?: string | null

  @Field(lastName)
  readonly last_name?: string | null

  @Field(emailVerified)
  readonly email_verified?: boolean

  @Field({
    check: checkAttributes,
    ...attributesInputSchema,
    example: exampleUser.attributes,
    description: `${userTexts.attributes} Merged key by key; \`null\` or an empty list removes one. A new domain moves the user.`,
  })
  readonly attributes?: AttributesInput

  @ObjectField({ type: () => CredentialsFields, description: 'A new password; it ends the sessions of the user.' })
  readonly credentials?: CredentialsFields
}

export class UsersQuery extends PageQuery {
  @Field({
    check: checkQuery,
    type: String,
    description: 'Part of the email address, in any case.',
    example: 'user@example.com',
  })
  readonly email?: string

  @Field({ check: checkQuery, type: String, description: 'Part of the username, in any case.', example: 'johndoe' })
  readonly username?: string

  @Field({
    check: checkQueryBoolean,
    type: Boolean,
    description: 'Whether `email` and `username` must match as a whole.',
    default: false,
    example: true,
  })
  readonly exact?: string

  @Field({
    check: checkQuery,
    type: String,
    description: 'The phone number, exactly as it was given.',
    example: '+34612345678',
  })
  readonly phone_number?: string

  @Field({ check: checkQuery, type: String, description: "The domain's exact name.", example: 'example.com' })
  readonly domain?: string

  @Field({
    check: checkQueryBoolean,
    type: Boolean,
    description: 'Only users whose address is verified, or is not.',
    example: false,
  })
  readonly email_verified?: string
}

export function newUserOf({ user }: CreateUserBody): NewUser {
  const { domain, phone_number: phone, ...attributes } = user.attributes ?? {}
  const name = nameOf(domain)
  return {
    fields: {
      username: parseUserName(user.username),
      email: user.email ?? undefined,
      emailVerified: user.email_verified ?? false,
      enabled: user.enabled ?? true,
      firstName: textOf(user.first_name),
      lastName: textOf(user.last_name),
      phoneNumber: firstOf(phone),
      attributes: mergeAttributes({}, attributes),
      ...(name && { domain: name }),
    },
    password: passwordOf(user.credentials),
    sipMapping: user.sip_mapping && { username: user.sip_mapping.username, password: user.sip_mapping.password ?? '' },
  }
}

export function changedUserOf(body: UpdateUserBody): ChangedUser {
  const { domain, phone_number: phone, ...attributes } = body.attributes ?? {}
  return {
    change: {
      ...(body.username !== undefined && { username: parseUserName(body.username) }),
      ...(body.email !== undefined && { email: body.email ?? undefined }),
      ...(body.enabled !== undefined && { enabled: body.enabled }),
      ...(body.first_name !== undefined && { firstName: textOf(body.first_name) }),
      ...(body.last_name !== undefined && { lastName: textOf(body.last_name) }),
      ...(body.email_verified !== undefined && { emailVerified: body.email_verified }),
      ...(phone !== undefined && { phoneNumber: firstOf(phone) }),
      ...(domain !== undefined && { domain: nameOf(domain) ?? null }),
      attributes,
    },
    password: passwordOf(body.credentials),
  }
}

export function userFilterOf(query: UsersQuery): UserFilter {
  return {
    exact: query.exact === 'true',
    ...(query.username !== undefined && { username: query.username.toLowerCase().normalize('NFC') }),
    ...(query.email !== undefined && { email: query.email.toLowerCase() }),
    ...(query.phone_number !== undefined && { phoneNumber: query.phone_number }),
    ...(query.domain !== undefined && { domain: query.domain.toLowerCase() }),
    ...(query.email_verified !== undefined && { emailVerified: query.email_verified === 'true' }),
  }
}

function passwordOf(credentials: CredentialsFields | undefined): NewUser['password'] {
  return credentials && { value: credentials.password, temporary: credentials.temporary ?? false }
}

function nameOf(input: AttributesInput[string] | undefined): DomainName | undefined {
  const name = firstOf(input)
  return name === undefined ? undefined : parseDomainName(name)
}

function firstOf(input: AttributesInput[string] | undefined): string | undefined {
  return input === undefined ? undefined : valuesOf(input)[0]
}
