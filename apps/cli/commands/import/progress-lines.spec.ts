import { Writable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ImportTotals } from './import-totals.ts'
import { ProgressLines } from './progress-lines.ts'

let written: string
let progress: ProgressLines

beforeEach(() => {
  vi.useFakeTimers()
  written = ''
  const write = (chunk: Buffer, _encoding: string, done: () => void): void => {
    written += chunk.toString()
    done()
  }
  progress = new ProgressLines(new Writable({ write }))
})

afterEach(() => {
  vi.useRealTimers()
})

describe('ProgressLines', () => {
  it('writes how far it is every three seconds, from start to stop', () => {
    const totals = new ImportTotals()
    progress.start()
    vi.advanceTimersByTime(2999)
    expect(written).toBe('')
    vi.advanceTimersByTime(1)
    totals.count({ kind: 'created' })
    progress.update(totals)
    vi.advanceTimersByTime(3000)
    progress.stop()
    vi.advanceTimersByTime(9000)
    expect(written).toBe(
      '0 rows: 0 created, 0 already there, 0 refused\n1 row: 1 created, 0 already there, 0 refused\n',
    )
  })

  it('says once what many rows say, and again after a row got through', () => {
    for (let row = 0; row < 8; row++) progress.say('Waiting.')
    progress.update(new ImportTotals())
    progress.say('Waiting.')
    progress.say('Ending.')
    expect(written).toBe('Waiting.\nWaiting.\nEnding.\n')
  })
})
