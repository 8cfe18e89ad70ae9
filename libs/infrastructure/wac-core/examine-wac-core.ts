import type { Finding } from '#core/health'
import { examineReach } from './examine-reach.ts'
import { probeUser } from './probe-user.ts'
import { describeFailure } from './describe-failure.ts'
import type { WacCore } from './wac-core.ts'
import { wacDomainDocuments } from './wac-documents.ts'

/** Looks at all that kitter relies on at wac-core, for the operator. Writes a probe user, and takes it away again. */
export async function* examineWacCore(wacCore: WacCore): AsyncGenerator<Finding> {
  const { findings, isUsable } = await examineReach(wacCore)
  yield* findings
  if (!isUsable) return
  const domains = await wacCore.read('domains', wacDomainDocuments).catch((error: unknown) => describeFailure(error))
  if (typeof domains === 'string') {
    yield { state: 'wrong', sentence: `wac-core doesn't list its domains: ${domains}.`, mend: 'Look into its log.' }
    return
  }
  const root = domains.find(({ parent }) => parent === null)?.domain
  if (root === undefined) {
    yield {
      state: 'doubtful',
      sentence: 'wac-core has no root domain yet.',
      mend: 'Start kitter, which makes one, and ask again.',
    }
    return
  }
  yield { state: 'right', sentence: `wac-core lists ${domains.length} domain(s); the root is ${root}.` }
  yield* await probeUser(wacCore, root)
}
