import { Controller, Get, Param } from '@nestjs/common'
import { ApiTags } from '@nestjs/swagger'
import type { Actor } from '#kernel'
import { DomainsService } from '#core/domains'
import { UsersService } from '#core/users'
import { CurrentActor, Reads } from '#rest'
import { domainIdOf } from '../domain/ids/account-id.ts'
import { kazooId } from '../domain/ids/kazoo-id.ts'

const firstPage = { max: 50, page: 0 }

@ApiTags('users')
@Controller('v2/accounts/:account/users')
export class UsersController {
  constructor(
    private readonly domains: DomainsService,
    private readonly users: UsersService,
  ) {}

  @Get()
  @Reads()
  async list(@CurrentActor() actor: Actor, @Param('account') account: string): Promise<readonly object[]> {
    const { name } = await this.domains.read(actor, domainIdOf(account) ?? '')
    const { users } = await this.users.list(actor, { exact: true, domain: name }, firstPage)
    return users.map(({ id, username, email, firstName, lastName }) => ({
      ...{ id: kazooId(id), username, email },
      ...{ first_name: firstName, last_name: lastName },
    }))
  }
}
