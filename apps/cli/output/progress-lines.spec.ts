import { Writable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
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
    progress.start({ text: '0 rows' })
    vi.advanceTimersByTime(2999)
    expect(written).toBe('')
    vi.advanceTimersByTime(1)
    progress.update({ text: '1 row', done: 1, total: 2 })
    vi.advanceTimersByTime(3000)
    progress.stop()
    vi.advanceTimersByTime(9000)
    expect(written).toBe('0 rows\n1 row\n')
  })

  it('says once what many rows say, and again after a row got through', () => {
    for (let row = 0; row < 8; row++) progress.say('Waiting.')
    progress.update({ text: '1 row' })
    progress.say('Waiting.')
    progress.say('Ending.')
    expect(written).toBe('Waiting.\nWaiting.\nEnding.\n')
  })
})
