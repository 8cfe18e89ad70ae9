import { describe, expect, it } from 'vitest'
import { type ImportSummary, importSummary } from './import-summary.ts'
import { ImportTotals } from './import-totals.ts'
import { refused, type RowOutcome } from './row-outcome.ts'

const times = (count: number, outcome: RowOutcome): RowOutcome[] => Array<RowOutcome>(count).fill(outcome)
const created: RowOutcome = { kind: 'created' }
const there: RowOutcome = { kind: 'already there' }

function totalsOf(...outcomes: readonly RowOutcome[][]): ImportTotals {
  const totals = new ImportTotals()
  for (const outcome of outcomes.flat()) totals.count(outcome)
  return totals
}

function summary(totals: ImportTotals, others: Partial<ImportSummary> = {}): string[] {
  return importSummary({
    file: 'people.csv',
    url: 'http://127.0.0.1:3000',
    totals,
    domainsCreated: 0,
    refusedFile: 'people.refused.csv',
    createDomains: false,
    ...others,
  }).split('\n')
}

describe('importSummary', () => {
  it('says what became of the rows', () => {
    const totals = totalsOf(times(297, created), times(2, there), times(1, refused('Taken.')))
    expect(summary(totals, { domainsCreated: 3 })).toEqual([
      '300 rows read from people.csv, for http://127.0.0.1:3000:',
      '  297 created',
      '    2 already there',
      '    1 refused, see people.refused.csv',
      '      1 × Taken.',
      '    3 domains created',
    ])
  })

  it('names no file when nothing was refused', () => {
    expect(summary(totalsOf(times(1, created)), { domainsCreated: 1 })).toEqual([
      '1 row read from people.csv, for http://127.0.0.1:3000:',
      '  1 created',
      '  0 already there',
      '  0 refused',
      '  1 domain created',
    ])
  })

  it('counts only rows whose outcome is known as read', () => {
    const totals = totalsOf(times(4, created), times(2, { kind: 'unanswered' }), times(3, { kind: 'left out' }))
    expect(totals.read).toBe(4)
    expect(summary(totals)).toContain('  2 more under way without an answer: they may have been created or not')
  })

  it('shows the five most frequent reasons', () => {
    const reasons = ['a', 'b', 'b', 'c', 'd', 'e', 'f', 'f', 'f'].map((reason) => refused(`${reason}.`))
    expect(summary(totalsOf(reasons)).slice(3, 10)).toEqual([
      '  9 refused, see people.refused.csv',
      '    3 × f.',
      '    2 × b.',
      '    1 × a.',
      '    1 × c.',
      '    1 × d.',
      '    1 for other reasons',
    ])
  })

  it('keeps no more than a hundred reasons, and counts every refused row', () => {
    const totals = totalsOf(Array.from({ length: 1000 }, (_, index) => refused(`reason ${index}`)))
    expect(totals.reasons()).toHaveLength(100)
    expect(summary(totals)).toContain('       995 for other reasons')
  })

  it('tells about --create-domains whoever needs it', () => {
    const hint = 'With --create-domains, unknown domains are created.'
    const totals = totalsOf([refused('The request is not valid: user.attributes.domain names an unknown domain.')])
    expect(summary(totals)).toContain(hint)
    expect(summary(totals, { createDomains: true })).not.toContain(hint)
    expect(summary(totalsOf([refused('Taken.')]))).not.toContain(hint)
  })
})
