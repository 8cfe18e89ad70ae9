import { Controller, Param, Post } from '@nestjs/common'
import { ApiTags } from '@nestjs/swagger'
import type { Actor } from '#kernel'
import { unknownDomain } from '#core/domains'
import { administratorProtected, unknownUser } from '#core/users'
import { Changes, ChangesPlatform, CurrentActor, Documented } from '#rest'
import { SessionsService } from '../application/sessions.service.ts'
import { LoggedOutAnswer } from './logged-out.dto.ts'

const userId = {
  name: 'id',
  description: "The user's id: a UUID.",
  format: 'uuid',
  example: '550e8400-e29b-41d4-a716-446655440000',
}
const domainId = { name: 'id', description: "The domain's id: 24 hex digits.", example: '507f1f77bcf86cd799439011' }
const success = {
  status: 200,
  description: 'How many sessions were ended.',
  type: LoggedOutAnswer,
  example: { logged_out: 3 },
}
const untilTheyExpire = 'Access tokens that are out live until they expire.'

@ApiTags('logout')
@Controller()
export class SessionsController {
  constructor(private readonly sessions: SessionsService) {}

  @Post('users/:id/logout')
  @Documented({
    id: 'logOutUser',
    summary: 'Log out a user',
    description: `Ends the sessions of one user. ${untilTheyExpire}`,
    path: [userId],
    success,
    errors: [administratorProtected(), unknownUser()],
    systems: 'one',
    repeatable: true,
  })
  @Changes('user.logout')
  async logOutUser(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<LoggedOutAnswer> {
    return { logged_out: await this.sessions.logOutUser(actor, id) }
  }

  @Post('domains/:id/logout')
  @Documented({
    id: 'logOutDomain',
    summary: 'Log out all users of a domain',
    description: `Ends the sessions of the domain's users, without its subdomains. ${untilTheyExpire}`,
    path: [domainId],
    success,
    errors: [unknownDomain()],
    systems: 'one',
    repeatable: true,
  })
  @Changes('domain.logout')
  async logOutDomain(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<LoggedOutAnswer> {
    return { logged_out: await this.sessions.logOutDomain(actor, id) }
  }

  @Post('users/logout')
  @Documented({
    id: 'logOutRealm',
    summary: 'Log out all users of the realm',
    description: `Ends everybody's sessions. ${untilTheyExpire}`,
    success,
    systems: 'one',
    repeatable: true,
  })
  @ChangesPlatform('realm.logout')
  async logOutRealm(): Promise<LoggedOutAnswer> {
    return { logged_out: await this.sessions.logOutRealm() }
  }
}
