import { isPlainObject } from '#kernel'
import { schemaCheck } from '../document/schema-problems.ts'
import { shapeProblems } from '../document/shape-problems.ts'
import { textIn } from '../document/text-in.ts'
import { userAuthFields } from '../fields/user-auth-fields.ts'
import { wrongType } from '../problems/found-problems.ts'
import { InvalidDocument, mustHaveNone } from '../problems/invalid-document.ts'
import { type DigestMethod, digestIn } from './sign-in-digest.ts'

/** Who somebody says to be: a hash of name and password, and what the account goes by. */
export interface SignInRequest {
  readonly method: DigestMethod
  /** Nothing where what was sent can't be such a hash: nobody signs in with it. */
  readonly digest: string | undefined
  readonly accountName: string | undefined
  readonly accountRealm: string | undefined
  readonly phoneNumber: string | undefined
}

const problemsIn = schemaCheck(userAuthFields)

export function signInRequest(data: unknown): SignInRequest {
  if (!isPlainObject(data)) throw new InvalidDocument([wrongType(['data'], ['object'])])
  mustHaveNone(shapeProblems(data))
  mustHaveNone(problemsIn(data))
  const method = data['method'] === 'sha' ? 'sha' : 'md5'
  return {
    method,
    digest: digestIn(textIn(data, 'credentials') ?? '', method),
    accountName: textIn(data, 'account_name'),
    accountRealm: textIn(data, 'account_realm'),
    phoneNumber: textIn(data, 'phone_number'),
  }
}
