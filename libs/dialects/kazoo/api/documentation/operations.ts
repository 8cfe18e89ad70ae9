import { failures } from '../../domain/answers/failure-answer.ts'
import { failureOf } from '../../domain/answers/failure-of.ts'
import { required, tooSmall, wrongType } from '../../domain/problems/found-problems.ts'
import { largestPhoto, PhotoTooLarge } from '../../domain/problems/photo-too-large.ts'
import { problemsOf } from '../../domain/problems/problems-of.ts'
import { summaryOf } from '../../domain/listing/summary.ts'
import { photosTaken } from '../photos-taken.ts'
import { revisionOf } from '../../domain/answers/revision.ts'
import type { Description } from './described.ts'
import { exampleAccount, exampleAnswer, exampleCall, exampleRevision, exampleUser } from './examples.ts'

const revision = exampleRevision
const { id: _, ...replacement } = exampleUser
const whole = exampleAnswer({ data: exampleUser, revision })
const disabled = { ...exampleUser, enabled: false }
const invalidUser = problemsOf([required(['first_name'])])
const takenIsTold = 'A name or an address that somebody else has is told as `username.unique` or `email.unique`.'
const nothing = exampleAnswer({ data: {}, revision })

const listParameters = [
  {
    name: 'page_size',
    description: 'How many rows at most: 50, if it is not said; never more than 1,000.',
    example: '50',
  },
  { name: 'start_key', description: 'The `next_start_key` of the page before.' },
  { name: 'paginate', description: '`false`: all rows at once, up to 32 MiB of them.' },
  { name: 'descending', description: '`true`: from the last to the first.' },
  {
    name: 'filter_first_name',
    description:
      'Only users whose document has this value there. Any key may stand in the place of `first_name`, also a path: `filter_hotdesk.enabled`. A list in JSON means any of its items. All kinds together, there may be 50 filters.',
  },
  {
    name: 'filter_not_first_name',
    description: 'Only users whose document has another value there, or none; of any key, too.',
  },
  { name: 'has_key', description: 'Only users whose document has the key.' },
  { name: 'key_missing', description: 'Only users whose document does not.' },
  { name: 'has_value', description: 'Only users whose document has something at the key that is not empty.' },
  { name: 'missing_value', description: 'Only users whose document has not.' },
  ...['created_from', 'created_to', 'modified_from', 'modified_to'].map((name) => ({
    name,
    description: 'In Gregorian seconds, this second included: those since 1970 and 62,167,219,200 more.',
  })),
]

const callParameters = [
  { name: 'auto_answer', description: 'Whether the phone should answer by itself: told back, and not passed on.' },
  { name: 'cid-name', description: 'The name to show: told back, and not passed on.' },
  { name: 'cid-number', description: 'The number to show: told back, and not passed on.' },
  { name: 'ignore-early-media', description: 'Told back, and not passed on.' },
  { name: 'media', description: '`process` or `bypass`: told back, and not passed on.' },
  {
    name: 'number_filter',
    description:
      '`true`: without ` ,.-()`; `false`: as it is; or a simple regular expression whose one group is dialled.',
  },
  { name: 'timeout', description: 'At least 3 seconds: told back, and not passed on.' },
]

const ofUser = { names: 'user' } as const
const changes = { ...ofUser, condition: 'if-match' } as const

const signingIn = {
  isPublic: true,
  summary: 'Sign in',
  description:
    'With the md5 of `username:password`, and what the account goes by: its name or realm (the domain), or a phone number of one of its users. Only where the operator has switched it on.',
  status: 201,
  body: {
    data: 'signing in',
    example: { credentials: '82a2dc91686ec828a67152d45a5c5ef7', account_name: 'example.com' },
  },
  example: exampleAnswer({
    data: {
      account_id: exampleAccount,
      apps: [],
      is_reseller: false,
      language: 'en-us',
      owner_id: exampleUser['id'],
      reseller_id: exampleAccount,
    },
  }),
  invalid: problemsOf([required(['credentials'])]),
  failures: [failures.invalidCredentials, failures.notFound, failures.tooMany],
} as const satisfies Description

/** What the documentation says of each operation. */
export const operations = {
  list: {
    names: 'account',
    summary: 'List users',
    description: 'The users of the account itself, by last and first name, without case and accents.',
    query: listParameters,
    invalid: problemsOf([wrongType(['page_size'], ['integer'])]),
    condition: 'if-none-match',
    example: exampleAnswer({ data: [summaryOf(exampleUser)], revision, page: { size: 1 } }),
  },
  create: {
    names: 'account',
    takesKey: true,
    summary: 'Create a user',
    description:
      'In Keycloak, at wac-core and here: all of it, or after an error none of it. `Location` says where it is. May come with an `Idempotency-Key`. ' +
      takenIsTold,
    status: 201,
    body: { data: 'user', example: { first_name: 'User', last_name: 'Three' } },
    example: whole,
    invalid: invalidUser,
  },
  createByPost: {
    names: 'account',
    takesKey: true,
    summary: 'Create a user, by clients that can only POST',
    description: 'With `"verb": "PUT"` in the body, or `?verb=PUT`; else there is no such method.',
    status: 201,
    body: { data: 'user', verb: 'PUT', example: { first_name: 'User', last_name: 'Three' } },
    example: whole,
    invalid: invalidUser,
  },
  read: {
    ...ofUser,
    summary: 'Fetch a user',
    description: 'The whole document, with its defaults. Without a role of kitter it is one’s own.',
    condition: 'if-none-match',
    example: whole,
  },
  vcard: {
    ...ofUser,
    summary: 'Fetch a vCard',
    description: 'The user as vCard 3.0, without the envelope; with the photo, if it is a JPEG of at most 256 KiB.',
    produces: ['text/x-vcard', 'text/directory'],
  },
  replace: {
    ...changes,
    takesKey: true,
    summary: 'Replace a user',
    description:
      'Keys that are left out are gone, or have their defaults again. `verb` may say `PATCH` or `DELETE`. ' +
      takenIsTold,
    body: { data: 'user', example: replacement },
    example: whole,
    invalid: invalidUser,
  },
  patch: {
    ...changes,
    summary: 'Change a user',
    description:
      'Merges: `null` removes a key, `{}` empties an object, all else takes the place of what was there. ' +
      takenIsTold,
    body: { data: 'part of a user', example: { enabled: false } },
    example: exampleAnswer({ data: disabled, revision: revisionOf(disabled) }),
    invalid: invalidUser,
  },
  remove: {
    ...changes,
    summary: 'Remove a user',
    description: 'From Keycloak, wac-core and here. The answer is the document as it was.',
    example: whole,
  },
  readPhoto: {
    ...ofUser,
    summary: 'Fetch the photo',
    description: 'As it was sent, as a file.',
    produces: ['application/octet-stream', 'application/base64'],
  },
  putPhoto: {
    ...ofUser,
    takesKey: true,
    summary: 'Create or change the photo',
    description: `At most ${largestPhoto} bytes. With \`Content-Transfer-Encoding: base64\` it comes in base64, also as a \`data:\` URL that says what it is. \`verb\` may say \`DELETE\`; then no bytes are needed.`,
    consumes: photosTaken.types,
    example: nothing,
    invalid: problemsOf([required(['file'])]),
    failures: [failureOf(new PhotoTooLarge()), failures.unsupportedMedia],
    headers: [{ name: 'Content-Transfer-Encoding', description: '`base64`, where the photo comes in base64.' }],
  },
  removePhoto: {
    ...ofUser,
    summary: 'Remove the photo',
    description: 'Also where there is none.',
    example: nothing,
  },
  quickcall: {
    ...ofUser,
    summary: 'Execute a quick call',
    description:
      "Rings the user's phone, and connects it to the number. The sip-proxy places the call; where there is none, there are no endpoints.",
    query: callParameters,
    invalid: problemsOf([tooSmall(['timeout'], 3, 2)]),
    example: exampleAnswer({ data: exampleCall, revision }),
    failures: [failures.tooMany, failures.fault, failures.refusedElsewhere],
  },
  userAuth: signingIn,
  userAuthByPost: {
    ...signingIn,
    summary: 'Sign in, by clients that can only POST',
    description: 'With `"verb": "PUT"` in the body, or `?verb=PUT`; else there is no such method.',
    body: { ...signingIn.body, verb: 'PUT' },
  },
} as const satisfies Record<string, Description>
