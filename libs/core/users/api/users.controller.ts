import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common'
import { ApiTags } from '@nestjs/swagger'
import { type Actor, invalid } from '#kernel'
import { unknownDomainIn } from '#core/domains'
import { operationInProgress } from '#core/provisioning'
import { byOperation, Changes, CurrentActor, Documented, pageOf, Reads } from '#rest'
import { UsersService } from '../application/users.service.ts'
import {
  administratorProtected,
  emailMissing,
  emailTaken,
  loginNameTooLong,
  sipMappingTaken,
  unknownUser,
  userDisabled,
  userNameTaken,
} from '../domain/user-errors.ts'
import { MailAnswer, UserAnswer, UserBody, userBodyOf, UsersAnswer } from './user-answers.dto.ts'
import { exampleUser, newUserExamples, updateUserExamples } from './user-documentation.ts'
import {
  changedUserOf,
  CreateUserBody,
  newUserOf,
  UpdateUserBody,
  userFilterOf,
  UsersQuery,
} from './user-requests.dto.ts'

const path = [{ name: 'id', description: "The user's id: a UUID.", format: 'uuid', example: exampleUser.id }]

@ApiTags('users')
@Controller('users')
export class UsersController {
  constructor(private readonly users: UsersService) {}

  @Get()
  @Documented({
    id: 'listUsers',
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
  @Reads()
  async list(@CurrentActor() actor: Actor, @Query() query: UsersQuery): Promise<UsersAnswer> {
    const { users, total } = await this.users.list(actor, userFilterOf(query), pageOf(query))
    return { users: users.map(userBodyOf), total }
  }

  @Post()
  @Documented({
    id: 'createUser',
    summary: 'Provision a user',
    description:
      'Creates the user in Keycloak and at wac-core, with a SIP mapping if one is given: all of it, or after an error none of it. ' +
      'A 409 tells that a name or address is used somewhere in the realm, also where you may not look.',
    body: { type: CreateUserBody, examples: newUserExamples },
    success: { status: 201, description: 'The new user.', type: UserAnswer, example: { user: exampleUser } },
    errors: [
      invalid([{ path: 'user.email', problem: 'must be an email address' }]),
      unknownDomainIn('user.attributes.domain'),
      loginNameTooLong('user.username'),
      userNameTaken(),
      emailTaken(),
      sipMappingTaken(),
      operationInProgress(),
    ],
    systems: 'several',
    repeatable: true,
  })
  @Changes(byOperation('user.create'))
  async create(@CurrentActor() actor: Actor, @Body() body: CreateUserBody): Promise<UserAnswer> {
    return { user: userBodyOf(await this.users.create(actor, newUserOf(body))) }
  }

  @Get(':id')
  @Documented({
    id: 'readUser',
    summary: 'Read a user',
    description: 'One user, by its id.',
    path,
    success: { status: 200, description: 'The user.', type: UserAnswer, example: { user: exampleUser } },
    errors: [unknownUser()],
  })
  @Reads()
  async read(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<UserAnswer> {
    return { user: userBodyOf(await this.users.read(actor, id)) }
  }

  @Patch(':id')
  @Documented({
    id: 'updateUser',
    summary: 'Update a user',
    description:
      'Changes the fields that are given; `null` clears one. Attributes merge key by key. A new password and disabling end the ' +
      "user's sessions. Access tokens that are out live until they expire.",
    path,
    body: { type: UpdateUserBody, examples: updateUserExamples },
    success: { status: 200, description: 'The user as it is now.', type: UserAnswer, example: { user: exampleUser } },
    errors: [
      invalid([{ path: 'email', problem: 'must be an email address' }]),
      unknownDomainIn('attributes.domain'),
      loginNameTooLong('username'),
      administratorProtected(),
      unknownUser(),
      userNameTaken(),
      emailTaken(),
      operationInProgress(),
    ],
    systems: 'several',
  })
  @Changes(byOperation('user.update'))
  async update(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Body() body: UpdateUserBody,
  ): Promise<UserAnswer> {
    return { user: userBodyOf(await this.users.update(actor, id, changedUserOf(body))) }
  }

  @Delete(':id')
  @Documented({
    id: 'deleteUser',
    summary: 'Delete a user',
    description:
      'Removes the account with its sessions from Keycloak, and the user with its SIP mapping from wac-core.',
    path,
    success: { status: 204, description: 'It is gone.' },
    errors: [administratorProtected(), unknownUser(), operationInProgress()],
    systems: 'several',
  })
  @Changes(byOperation('user.delete'))
  async remove(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<void> {
    await this.users.remove(actor, id)
  }

  @Get(':domain/:username')
  @Documented({
    id: 'findUser',
    summary: 'Find a user by domain and username',
    description: 'One user, bare, not wrapped.',
    path: [
      { name: 'domain', description: "The domain's name.", example: exampleUser.attributes.domain },
      { name: 'username', description: 'The name that the user has there.', example: exampleUser.username },
    ],
    success: { status: 200, description: 'The user.', type: UserBody, example: exampleUser },
    errors: [unknownUser()],
  })
  @Reads()
  async find(
    @CurrentActor() actor: Actor,
    @Param('domain') domain: string,
    @Param('username') username: string,
  ): Promise<UserBody> {
    return userBodyOf(await this.users.find(actor, domain, username))
  }

  @Post(':id/reset-password-email')
  @Documented({
    id: 'sendPasswordResetMail',
    summary: 'Send a password reset mail',
    description: 'Mails the user a link with which to choose a new password.',
    path,
    success: { status: 202, description: 'The mail is on its way.', type: MailAnswer, example: {} },
    errors: [administratorProtected(), unknownUser(), emailMissing(), userDisabled()],
    systems: 'one',
    repeatable: true,
  })
  @Changes('user.reset_mail')
  async sendResetMail(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<MailAnswer> {
    await this.users.sendResetMail(actor, id)
    return {}
  }
}
