import { ApiProperty, ApiSchema } from '@nestjs/swagger'
import { PageAnswer } from '#rest'
import type { User } from '../domain/user.ts'
import { attributesSchema, exampleUser, userTexts } from './user-documentation.ts'

export class UserBody {
  @ApiProperty({
    type: String,
    format: 'uuid',
    description: 'The id in kitter and Keycloak: a UUID.',
    example: exampleUser.id,
  })
  readonly id!: string

  @ApiProperty({ type: String, description: 'The name to log in with.', example: exampleUser.username })
  readonly username!: string

  @ApiProperty({ ...attributesSchema, description: userTexts.attributes, example: exampleUser.attributes })
  readonly attributes!: Readonly<Record<string, string | readonly string[]>>

  @ApiProperty({ type: String, required: false, description: userTexts.email, example: exampleUser.email })
  readonly email?: string

  @ApiProperty({ type: Boolean, description: userTexts.enabled, example: true })
  readonly enabled!: boolean

  @ApiProperty({ type: String, required: false, description: userTexts.firstName, example: exampleUser.first_name })
  readonly first_name?: string

  @ApiProperty({ type: String, required: false, description: userTexts.lastName, example: exampleUser.last_name })
  readonly last_name?: string

  @ApiProperty({ type: Boolean, description: userTexts.emailVerified, example: false })
  readonly email_verified!: boolean
}

export class UserAnswer {
  @ApiProperty({ type: UserBody, description: 'The user.' })
  readonly user!: UserBody
}

export class UsersAnswer extends PageAnswer {
  @ApiProperty({ type: [UserBody], description: 'One page of users, by username.' })
  readonly users!: readonly UserBody[]
}

@ApiSchema({ description: 'Empty: the mail is on its way.' })
export class MailAnswer {}

export function userBodyOf(user: User): UserBody {
  return {
    id: user.id,
    username: user.username,
    attributes: attributesOf(user),
    ...(user.email !== undefined && { email: user.email }),
    enabled: user.enabled,
    ...(user.firstName !== undefined && { first_name: user.firstName }),
    ...(user.lastName !== undefined && { last_name: user.lastName }),
    email_verified: user.emailVerified,
  }
}

function attributesOf({ domain, phoneNumber, attributes }: User): UserBody['attributes'] {
  const others: Record<string, string | readonly string[]> = {}
  for (const [key, values] of Object.entries(attributes)) others[key] = only(values)
  return { domain, ...(phoneNumber !== undefined && { phone_number: phoneNumber }), ...others }
}

/** A list of one reads back as a string. */
function only(values: readonly string[]): string | readonly string[] {
  const [first, ...rest] = values
  return first !== undefined && rest.length === 0 ? first : values
}
