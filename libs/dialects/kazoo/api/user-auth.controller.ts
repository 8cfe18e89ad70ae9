import { Body, Controller, HttpCode, Post, Put, UseGuards } from '@nestjs/common'
import { ApiTags } from '@nestjs/swagger'
import type { Origin } from '#kernel'
import { Public } from '#rest'
import { SigningInService } from '../application/signing-in.service.ts'
import type { Told } from '../domain/answers/told.ts'
import { AcceptGuard } from './accept.guard.ts'
import { CurrentOrigin } from './current-origin.ts'
import { Described } from './documentation/described.ts'
import { operations } from './documentation/operations.ts'

@ApiTags('signing in')
@Controller('v2/user_auth')
@UseGuards(AcceptGuard)
export class UserAuthController {
  constructor(private readonly signingIn: SigningInService) {}

  @Put()
  @Described(operations.userAuth)
  @Public()
  @HttpCode(201)
  signIn(@Body() body: unknown, @CurrentOrigin() origin: Origin): Promise<Told> {
    return this.signingIn.signIn(body, origin)
  }

  /** Only with the verb PUT. */
  @Post()
  @Described(operations.userAuthByPost)
  @Public()
  @HttpCode(201)
  signInByPost(@Body() body: unknown, @CurrentOrigin() origin: Origin): Promise<Told> {
    return this.signingIn.signIn(body, origin)
  }
}
