import { counted } from '../../output/counted.ts'
import type { Reconciliation } from './reconciliation.ts'

/** What it found, and what came of that, in a line. */
export function reconciliationSummary({ state, differences, counts }: Reconciliation, url: string): string {
  const { accounts, communications_users: users, busy } = counts
  const total = Object.values(differences).reduce((sum, count) => sum + count, 0)
  const until = state === 'done' ? '' : ' until it ended'
  const waiting = busy === 0 ? '' : ` ${counted(busy, 'user')} could not be looked at: other changes kept them busy.`
  if (total > 0) return `${counted(total, 'difference')} found${until} at ${url}${outcomesText(differences)}.${waiting}`
  if (state !== 'done') return `No difference was found${until}, at ${url}.`
  const compared = `${counted(accounts, 'account')} of Keycloak and ${counted(users, 'user')} of wac-core compared`
  return `${busy === 0 ? 'Nothing differs' : 'No difference was found'} at ${url}: ${compared}.${waiting}`
}

/** Nothing where none was to be mended. */
function outcomesText({ found, mended, left, refused, unsettled }: Reconciliation['differences']): string {
  if (mended + left + refused + unsettled === 0) return ''
  const outcomes = [
    [mended, 'mended'],
    [found, 'not mended'],
    [left, 'left as they are'],
    [refused, 'refused'],
    [unsettled, 'still being mended'],
  ] as const
  const said = outcomes.filter(([count]) => count > 0).map(([count, outcome]) => `${count} ${outcome}`)
  return `: ${said.join(', ')}`
}

/** What came of it until somebody interrupted it. */
export function interruptedSummary(reconciliation: Reconciliation | undefined, url: string): string {
  if (reconciliation === undefined) {
    return `The service at ${url} had not answered yet: it may be at work on the reconciliation, or not.`
  }
  const end = reconciliation.state === 'cancelled' ? 'The reconciliation was cancelled.' : 'It had ended before that.'
  return `${end} ${reconciliationSummary(reconciliation, url)}`
}
