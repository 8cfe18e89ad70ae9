import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query, type StreamableFile } from '@nestjs/common'
import { unknownUser } from '#core/users'
import { WacUsersStore } from '#infrastructure/sandbox'
import type { WacUser } from '#infrastructure/wac-core'
import { type UserBody, userBody, type UserQuery, userQuery } from './bodies.ts'
import { found } from './found.ts'
import { ParsedPipe } from './parsed.pipe.ts'
import { streamedList } from './streamed-list.ts'

@Controller('sapi/users')
export class UsersController {
  constructor(private readonly users: WacUsersStore) {}

  @Get()
  list(@Query(new ParsedPipe(userQuery)) query: UserQuery): Promise<StreamableFile> {
    return streamedList(this.users.scan(query))
  }

  @Post()
  create(@Body(new ParsedPipe(userBody)) body: UserBody): Promise<WacUser> {
    return this.users.add(body)
  }

  @Get(':id')
  async read(@Param('id') id: string): Promise<WacUser> {
    return found(await this.users.find(id), unknownUser)
  }

  @Put(':id')
  async replace(@Param('id') id: string, @Body(new ParsedPipe(userBody)) body: UserBody): Promise<WacUser> {
    await this.users.change(id, () => body)
    return { ...body, id }
  }

  @Delete(':id')
  @HttpCode(204)
  remove(@Param('id') id: string): Promise<void> {
    return this.users.remove(id)
  }
}
