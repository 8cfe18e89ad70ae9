import { isPlainObject } from '#kernel'
import type { Finding } from '#core/health'
import { NoWacAnswer } from './no-wac-answer.ts'
import { isSuccess, jsonOf, type WacAnswer, wordsOf } from './wac-answer.ts'
import type { WacCore } from './wac-core.ts'
import { wacCapabilities } from './wac-documents.ts'

interface Reach {
  readonly findings: readonly Finding[]
  /** Whether it makes sense to look further. */
  readonly isUsable: boolean
}

const slowMs = 1000
const mostSkewSeconds = 30

/** Whether it answers, whether it is wac-core, whether it takes the token, and what its clock says. */
export async function examineReach(wacCore: WacCore): Promise<Reach> {
  const begun = performance.now()
  try {
    const answer = await wacCore.ask({ method: 'GET', path: 'capabilities/' })
    const ms = Math.round(performance.now() - begun)
    const problem = problemOf(answer, wacCore.address)
    if (problem !== undefined) return { findings: [problem], isUsable: false }
    return { findings: [speed(wacCore.address, ms), token, ...clock(answer, Date.now())], isUsable: true }
  } catch (error) {
    if (!(error instanceof NoWacAnswer)) throw error
    const sentence = `wac-core at ${wacCore.address} does not answer: ${error.message}.`
    return { findings: [{ state: 'wrong', sentence, mend: mendOf(error) }], isUsable: false }
  }
}

const token: Finding = { state: 'right', sentence: 'wac-core accepts WAC_CORE_TOKEN and tells its capabilities.' }

function speed(address: string, ms: number): Finding {
  const sentence = `wac-core at ${address} answers in ${ms} ms.`
  if (ms <= slowMs) return { state: 'right', sentence }
  return { state: 'doubtful', sentence, mend: 'Look at its load: every provisioned user waits for several answers.' }
}

function problemOf(answer: WacAnswer, address: string): Finding | undefined {
  const { status } = answer
  if (status === 401 || status === 403)
    return wrong(`wac-core refuses WAC_CORE_TOKEN (${status}).`, 'Set WAC_CORE_TOKEN to a valid service token.')
  if (status >= 500 || status === 429)
    return wrong(`wac-core is not well: it answers ${wordsOf(answer)}.`, "Look into wac-core's log.")
  if (isSuccess(answer) && wacCapabilities.safeParse(jsonOf(answer)).success) return undefined
  if (isSuccess(answer) && isPlainObject(jsonOf(answer)))
    return wrong('wac-core tells its capabilities in a form that kitter can not read.', 'Compare its version.')
  const mend = 'Set WAC_CORE_URL to the URL of the service API, which ends in /sapi.'
  return wrong(`At ${address} is something else than wac-core's service API: it answers with status ${status}.`, mend)
}

function wrong(sentence: string, mend: string): Finding {
  return { state: 'wrong', sentence, mend }
}

function clock({ date }: WacAnswer, now: number): readonly Finding[] {
  const theirs = Date.parse(date ?? '')
  if (Number.isNaN(theirs)) return []
  const seconds = Math.round((theirs - now) / 1000)
  if (Math.abs(seconds) <= mostSkewSeconds) return [{ state: 'right', sentence: "wac-core's clock agrees with ours." }]
  const sentence = `wac-core's clock is ${Math.abs(seconds)} s ${seconds > 0 ? 'ahead of' : 'behind'} ours.`
  return [{ state: 'doubtful', sentence, mend: 'Let both machines follow the same time servers (NTP).' }]
}

const certificateCode = /CERT|SIGNATURE/

function mendOf({ code = '' }: NoWacAnswer): string {
  if (certificateCode.test(code))
    return 'Name the authority of its certificate in NODE_EXTRA_CA_CERTS, and the host in WAC_CORE_URL as the certificate does.'
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'Compare the host in WAC_CORE_URL: its name is not known here.'
    case 'ECONNREFUSED':
      return 'Start wac-core, or compare host and port in WAC_CORE_URL: nothing listens there.'
    default:
      return 'See that the way to wac-core is open, and compare https:// or http:// in WAC_CORE_URL.'
  }
}
