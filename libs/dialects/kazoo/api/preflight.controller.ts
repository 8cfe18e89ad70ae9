import { Controller, HttpCode, Options } from '@nestjs/common'
import { ApiExcludeController } from '@nestjs/swagger'
import { Public } from '#rest'
import { preflight } from './cross-origin.ts'
import { accountPaths } from './paths.ts'
import { RawAnswer } from './raw-answer.ts'

const ends = ['users', 'users/:id', 'users/:id/vcard', 'users/:id/photo', 'users/:id/quickcall/:number']

/** Tells browsers that pages of other origins may call. */
@ApiExcludeController()
@Controller([...accountPaths.flatMap((path) => ends.map((end) => `${path}/${end}`)), 'v2/user_auth'])
export class PreflightController {
  @Options()
  @Public()
  @HttpCode(200)
  allow(): RawAnswer {
    return new RawAnswer(Buffer.alloc(0), preflight)
  }
}
