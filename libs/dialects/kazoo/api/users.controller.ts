import { Controller, Delete, Get, HttpCode, Patch, Post, Put, UseGuards } from '@nestjs/common'
import { ApiTags } from '@nestjs/swagger'
import { byOperation, Changes, ChangesAlsoOwn, GivesMuch, Reads, ReadsAlsoOwn, Repeatable } from '#rest'
import type { Asked } from '../application/asked.ts'
import { KazooUsersService } from '../application/users.service.ts'
import type { Told } from '../domain/answers/told.ts'
import { AcceptGuard, Answers } from './accept.guard.ts'
import { CurrentRequest } from './current-request.ts'
import { Described } from './documentation/described.ts'
import { operations } from './documentation/operations.ts'
import { longListsGiven } from './long-lists-given.ts'
import { accountPaths } from './paths.ts'
import type { RawAnswer } from './raw-answer.ts'
import { vcardAnswer } from './vcard-answer.ts'
import { Verb } from './verb.ts'

@ApiTags('users')
@Controller(accountPaths)
@UseGuards(AcceptGuard)
export class KazooUsersController {
  constructor(private readonly users: KazooUsersService) {}

  @Get('users')
  @Described(operations.list)
  @Reads()
  @GivesMuch(longListsGiven)
  list(@CurrentRequest() asked: Asked): Promise<Told> {
    return this.users.list(asked)
  }

  @Put('users')
  @Described(operations.create)
  @Changes(byOperation('user.create'))
  @Repeatable()
  @HttpCode(201)
  create(@CurrentRequest() asked: Asked): Promise<Told> {
    return this.users.create(asked)
  }

  /** Only with the verb PUT: without it there is no such method. */
  @Post('users')
  @Described(operations.createByPost)
  @Changes(byOperation('user.create'))
  @HttpCode(201)
  createByPost(@CurrentRequest() asked: Asked): Promise<Told> {
    return this.users.create(asked)
  }

  @Get('users/:id')
  @Described(operations.read)
  @ReadsAlsoOwn()
  read(@CurrentRequest() asked: Asked): Promise<Told> {
    return this.users.read(asked)
  }

  @Get('users/:id/vcard')
  @Described(operations.vcard)
  @Answers('text/x-vcard', 'text/directory')
  @ReadsAlsoOwn()
  async vcard(@CurrentRequest() asked: Asked): Promise<RawAnswer> {
    return vcardAnswer(await this.users.vcard(asked))
  }

  @Post('users/:id')
  @Described(operations.replace)
  @ChangesAlsoOwn(byOperation('user.update'))
  @HttpCode(200)
  replace(@CurrentRequest() asked: Asked, @Verb() verb: string): Promise<Told> {
    return this.users.byVerb(asked, verb)
  }

  @Patch('users/:id')
  @Described(operations.patch)
  @ChangesAlsoOwn(byOperation('user.update'))
  patch(@CurrentRequest() asked: Asked): Promise<Told> {
    return this.users.patch(asked)
  }

  @Delete('users/:id')
  @Described(operations.remove)
  @Changes(byOperation('user.delete'))
  remove(@CurrentRequest() asked: Asked): Promise<Told> {
    return this.users.remove(asked)
  }
}
