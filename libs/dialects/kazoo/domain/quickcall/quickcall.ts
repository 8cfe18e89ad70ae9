import { notAmong, notMatching, tooSmall, wrongType } from '../problems/found-problems.ts'
import { InvalidDocument } from '../problems/invalid-document.ts'
import type { FoundProblem } from '../problems/problem.ts'
import { textIn } from '../document/text-in.ts'
import { valueAt } from '../document/value-at.ts'
import type { JsonObject } from '../json-object.ts'
import { filteredNumber } from './number-filter.ts'

/** What a query says of a call, with what Kazoo's documentation says where it says nothing. */
export interface Quickcall {
  /** As the path has it. */
  readonly asked: string
  /** What is dialled. */
  readonly number: string
  readonly autoAnswer: boolean
  readonly callerName: string
  readonly callerNumber: string
  readonly ignoresEarlyMedia: boolean
  readonly media: string
  readonly timeout: number
}

const longest = 64
/** What a telephone can dial: also names, and the codes of features. */
const dialled = /^\+?[\w*#.-]{1,64}$/
const ways = ['bypass', 'process']
const shortestRing = 3

export function quickcall(asked: string, query: JsonObject): Quickcall {
  const said = (name: string, usual: string): string => textIn(query, name) || usual
  const number = asked.length > longest ? asked : filteredNumber(asked, said('number_filter', 'true'))
  const call = {
    asked,
    number,
    autoAnswer: said('auto_answer', 'true'),
    callerName: said('cid-name', 'Device QuickCall'),
    callerNumber: said('cid-number', number),
    ignoresEarlyMedia: said('ignore-early-media', 'true'),
    media: said('media', 'process'),
    timeout: said('timeout', '30'),
  }
  const found = problemsIn(call)
  if (found.length > 0) throw new InvalidDocument(found)
  const { autoAnswer, ignoresEarlyMedia, timeout, ...texts } = call
  return {
    ...texts,
    ...{ autoAnswer: autoAnswer === 'true', ignoresEarlyMedia: ignoresEarlyMedia === 'true', timeout: Number(timeout) },
  }
}

type Said = Readonly<Record<'number' | 'autoAnswer' | 'ignoresEarlyMedia' | 'media' | 'timeout', string>>

function problemsIn({ number, autoAnswer, ignoresEarlyMedia, media, timeout }: Said): readonly FoundProblem[] {
  return [
    ...(dialled.test(number) ? [] : [notMatching(['number'], dialled.source)]),
    ...flagProblems('auto_answer', autoAnswer),
    ...flagProblems('ignore-early-media', ignoresEarlyMedia),
    ...(ways.includes(media) ? [] : [notAmong(['media'], ways)]),
    ...timeoutProblems(timeout),
  ]
}

function flagProblems(name: string, text: string): readonly FoundProblem[] {
  return text === 'true' || text === 'false' ? [] : [wrongType([name], ['boolean'])]
}

function timeoutProblems(text: string): readonly FoundProblem[] {
  if (!/^\d{1,9}$/.test(text)) return [wrongType(['timeout'], ['integer'])]
  return Number(text) < shortestRing ? [tooSmall(['timeout'], shortestRing, Number(text))] : []
}

export interface Caller {
  readonly userId: string
  readonly accountId: string
  readonly realm: string
  /** Before the `@` of the SIP address. */
  readonly sipUser: string
}

/** The answer to a call that was begun: what Kazoo asks of its switch, and kitter of the sip-proxy. */
export function quickcallDocument(call: Quickcall, caller: Caller, document: JsonObject): JsonObject {
  const { callerName, callerNumber, ignoresEarlyMedia, media, timeout, asked } = call
  return {
    application_data: { route: asked },
    application_name: 'transfer',
    continue_on_fail: false,
    custom_channel_vars: {
      ...{ account_id: caller.accountId, authorizing_id: caller.userId, authorizing_type: 'user' },
      ...{ inherit_codec: 'false', retain_cid: 'true' },
    },
    dial_endpoint_method: 'simultaneous',
    endpoints: [endpointOf(call, caller, document)],
    export_custom_channel_vars: ['Account-ID', 'Retain-CID', 'Authorizing-ID', 'Authorizing-Type'],
    ignore_early_media: ignoresEarlyMedia,
    media,
    ...calleeIn(document),
    outbound_caller_id_name: callerName,
    outbound_caller_id_number: callerNumber,
    timeout,
  }
}

function endpointOf({ autoAnswer, number }: Quickcall, caller: Caller, document: JsonObject): JsonObject {
  const { userId, accountId, realm, sipUser } = caller
  return {
    codecs: valueAt(document, ['media', 'audio', 'codecs']) ?? [],
    custom_channel_vars: {
      ...{ account_id: accountId, authorizing_id: userId, auto_answer: autoAnswer },
      media_encryption_enforce_security: valueAt(document, ['media', 'encryption', 'enforce_security']) ?? false,
      ...{ owner_id: userId, sip_invite_domain: realm },
    },
    custom_sip_headers: { x_kazoo_aor: `sip:${sipUser}@${realm}` },
    ...{ endpoint_id: userId, invite_format: 'username', presence_id: textIn(document, 'presence_id') ?? sipUser },
    ...{ to_did: number, to_realm: realm, to_user: sipUser, to_username: sipUser },
  }
}

function calleeIn(document: JsonObject): JsonObject {
  const [name, number] = ['name', 'number'].map((key) => valueAt(document, ['caller_id', 'internal', key]))
  return { outbound_callee_id_name: name ?? '', outbound_callee_id_number: number ?? '' }
}
