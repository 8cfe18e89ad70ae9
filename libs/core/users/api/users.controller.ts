import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common'
import { ApiBody, ApiParam, ApiTags } from '@nestjs/swagger'
import { type Actor, invalid } from '#kernel'
import { unknownDomainIn } from '#core/domains'
import { operationInProgress } from '#core/provisioning'
import { Changes, CurrentActor, Documented, pageOf, Reads } from '#rest'
import { UsersService } from '../application/users.service.ts'
import {
  administratorProtected,
  emailMissing,
  emailTaken,
  sipMappingTaken,
  unknownUser,
  userDisabled,
  userNameTaken,
} from '../domain/user-errors.ts'
import { UserAnswer, UserBody, userBodyOf, UsersAnswer } from './user-answers.dto.ts'
import { exampleNewUser, exampleUser } from './user-documentation.ts'
import {
  changedUserOf,
  CreateUserBody,
  newUserOf,
  UpdateUserBody,
  userFilterOf,
  UsersQuery,
} from './user-requests.dto.ts'

const byId = { name: 'id', description: "The user's id: a UUID.", example: exampleUser.id }

@ApiTags('users')
@Controller('users')
export class UsersController {
  constructor(private readonly users: UsersService) {}

  @Get()
  @Reads()
  @Documented({
    summary: 'List users',
    description:
      'One page of the users in your scope, by username. Filters combine with AND; wildcards in them are literal.',
    success: {
      status: 200,
      description: 'One page, and how many there are.',
      type: UsersAnswer,
      example: { users: [exampleUser], total: 1 },
    },
    errors: [invalid([{ path: 'paginate[max]', problem: 'must be a whole number from 1 to 1000, given once' }])],
  })
  async list(@CurrentActor() actor: Actor, @Query() query: UsersQuery): Promise<UsersAnswer> {
    const { users, total } = await this.users.list(actor, userFilterOf(query), pageOf(query))
    return { users: users.map(userBodyOf), total }
  }

  @Post()
  @Changes()
  @ApiBody({ type: CreateUserBody, examples: { user: { value: { user: exampleNewUser } } } })
  @Documented({
    summary: 'Provision a user',
    description:
      'Creates the user in Keycloak and at wac-core, with a SIP mapping if one is given: all of it, or after an error none of it. ' +
      'A 409 tells that a name or address is used somewhere in the realm, also where you may not look.',
    success: { status: 201, description: 'The new user.', type: UserAnswer, example: { user: exampleUser } },
    errors: [
      invalid([{ path: 'user.email', problem: 'must be an email address' }]),
      unknownDomainIn('user.attributes.domain'),
      userNameTaken(),
      emailTaken(),
      sipMappingTaken(),
      operationInProgress(),
    ],
  })
  async create(@CurrentActor() actor: Actor, @Body() body: CreateUserBody): Promise<UserAnswer> {
    return { user: userBodyOf(await this.users.create(actor, newUserOf(body))) }
  }

  @Get(':domain/:username')
  @Reads()
  @ApiParam({ name: 'domain', description: "The domain's name.", example: exampleUser.attributes.domain })
  @ApiParam({ name: 'username', description: 'The name that the user has there.', example: exampleUser.username })
  @Documented({
    summary: 'Find a user by domain and username',
    description: 'One user, bare, not wrapped.',
    success: { status: 200, description: 'The user.', type: UserBody, example: exampleUser },
    errors: [unknownUser()],
  })
  async find(
    @CurrentActor() actor: Actor,
    @Param('domain') domain: string,
    @Param('username') username: string,
  ): Promise<UserBody> {
    return userBodyOf(await this.users.find(actor, domain, username))
  }

  @Get(':id')
  @Reads()
  @ApiParam(byId)
  @Documented({
    summary: 'Read a user',
    description: 'One user, by its id.',
    success: { status: 200, description: 'The user.', type: UserAnswer, example: { user: exampleUser } },
    errors: [unknownUser()],
  })
  async read(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<UserAnswer> {
    return { user: userBodyOf(await this.users.read(actor, id)) }
  }

  @Patch(':id')
  @Changes()
  @ApiParam(byId)
  @ApiBody({
    type: UpdateUserBody,
    examples: { names: { value: { first_name: 'Jane', attributes: { phone_number: null } } } },
  })
  @Documented({
    summary: 'Update a user',
    description:
      'Changes the fields that are given; `null` clears one. Attributes merge key by key. A new password and disabling end the ' +
      "user's sessions. Access tokens that are out live until they expire.",
    success: { status: 200, description: 'The user as it is now.', type: UserAnswer, example: { user: exampleUser } },
    errors: [
      invalid([{ path: 'email', problem: 'must be an email address' }]),
      unknownDomainIn('attributes.domain'),
      administratorProtected(),
      unknownUser(),
      userNameTaken(),
      emailTaken(),
      operationInProgress(),
    ],
  })
  async update(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Body() body: UpdateUserBody,
  ): Promise<UserAnswer> {
    return { user: userBodyOf(await this.users.update(actor, id, changedUserOf(body))) }
  }

  @Delete(':id')
  @Changes()
  @ApiParam(byId)
  @Documented({
    summary: 'Delete a user',
    description:
      'Removes the account with its sessions from Keycloak, and the user with its SIP mapping from wac-core.',
    success: { status: 204, description: 'It is gone.' },
    errors: [administratorProtected(), unknownUser(), operationInProgress()],
  })
  async remove(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<void> {
    await this.users.remove(actor, id)
  }

  @Post(':id/reset-password-email')
  @Changes()
  @ApiParam(byId)
  @Documented({
    summary: 'Send a password reset mail',
    description: 'Mails the user a link with which to choose a new password.',
    success: { status: 202, description: 'The mail is on its way.', example: {} },
    errors: [administratorProtected(), unknownUser(), emailMissing(), userDisabled()],
  })
  async sendResetMail(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<Record<string, never>> {
    await this.users.sendResetMail(actor, id)
    return {}
  }
}
