import { createParamDecorator, type ExecutionContext } from '@nestjs/common'
import { isPlainObject } from '#kernel'
import { actorOf, type DialectRequest } from '#rest'
import type { Asked } from '../application/asked.ts'
import { textIn } from '../domain/document/text-in.ts'
import { accountIn } from './request-account.ts'

/** What is asked of an account: a parameter of a controller's method. */
export const CurrentRequest = createParamDecorator((_: unknown, context: ExecutionContext): Asked => {
  const request = context.switchToHttp().getRequest<DialectRequest>()
  const [actor, account] = [actorOf(request), accountIn(request)]
  if (actor === undefined || account === undefined) throw new Error('the route has no access decorator, or no account')
  const { headers, query, params, body } = request
  return {
    actor,
    account,
    id: isPlainObject(params) ? (textIn(params, 'id') ?? '') : '',
    body,
    query: isPlainObject(query) ? query : {},
    ifMatch: textIn(headers, 'if-match'),
  }
})
