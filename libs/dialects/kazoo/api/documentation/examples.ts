import { parseUserName } from '#core/users'
import { errorEnvelope, successEnvelope, type Success } from '../../domain/answers/envelope.ts'
import type { FailureAnswer } from '../../domain/answers/failure-answer.ts'
import { revisionOf } from '../../domain/answers/revision.ts'
import { userDocument } from '../../domain/document/user-document.ts'
import type { JsonObject } from '../../domain/json-object.ts'
import { quickcall, quickcallDocument } from '../../domain/quickcall/quickcall.ts'
import { sipUser } from '../../domain/quickcall/sip-user.ts'

const facts = {
  requestId: '4f1c3e0a-6f0e-4c43-9b0e-0d6f1f5f8a11',
  now: new Date('2026-01-31T12:00:00Z'),
  authToken: '{AUTH_TOKEN}',
}

export const exampleAccount = '000000005f0c2a3b4c5d6e7f80910a1b'

export const exampleUser: JsonObject = userDocument({
  user: {
    id: '0123abcd-4567-89ab-cdef-0123456789ab',
    username: parseUserName('user3@example.com'),
    firstName: 'User',
    lastName: 'Three',
    email: 'user3@example.com',
    enabled: true,
  },
  extension: undefined,
})

export const exampleRevision = revisionOf(exampleUser)

export const exampleCall: JsonObject = quickcallDocument(
  quickcall('+34910000000', {}),
  {
    userId: String(exampleUser['id']),
    accountId: exampleAccount,
    realm: 'example.com',
    sipUser: sipUser('user3@example.com'),
  },
  exampleUser,
)

export function exampleAnswer(success: Omit<Success, keyof typeof facts>): JsonObject {
  return successEnvelope({ ...success, ...facts })
}

export function exampleFailure(told: FailureAnswer): JsonObject {
  return errorEnvelope(told, facts)
}
