import { randomUUID } from 'node:crypto'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Actor, Page } from '#kernel'
import { nothingCounted } from '../domain/import.ts'
import type { ImportFiles } from './import-files.ts'
import { type Shift, ShiftOver } from './import-shift.ts'
import type { ImportShifts, TakenImport, WrittenRow } from './import-shifts.ts'
import type { Imports } from './imports.ts'

export interface ImportsBench {
  readonly imports: Imports
  readonly files: ImportFiles
  readonly shifts: ImportShifts
  /** Makes its lease run out now. */
  expireLease(id: string): Promise<void>
  /** Makes it have ended, or been paused, so many seconds ago. */
  age(id: string, seconds: number): Promise<void>
  /** How many pieces of its file, rows and names are kept, also where it isn't there any more. */
  kept(id: string): Promise<{ readonly pieces: number; readonly rows: number; readonly names: number }>
  /** No import any more. */
  clear(): Promise<void>
}

const onePage: Page = { max: 1000, page: 0 }
const startedBy: Actor = { subject: 'somebody', name: 'Söme "Body" \\', role: 'kitter-admin' }
const policy = { dryRun: false, onExisting: 'skip', createDomains: true } as const
const first = { offset: 4, line: 2, row: 0 }
const content = Buffer.from('head0123456789')

function row(number: number, fields: Partial<WrittenRow> = {}): WrittenRow {
  return { row: number, line: number + 1, start: number * 4, outcome: 'created', takes: [], ...fields }
}

export function importsContract(name: string, setUp: () => Promise<ImportsBench>): void {
  describe(`${name}: imports`, () => {
    let bench: ImportsBench
    beforeAll(async () => {
      bench = await setUp()
    })
    beforeEach(() => bench.clear())

    function receive(id: string = randomUUID(), actor = startedBy): Promise<Shift> {
      return bench.files.receive({ id, format: 'csv', policy, startedBy: actor })
    }

    async function received(actor = startedBy): Promise<string> {
      const upload = await receive(undefined, actor)
      await bench.files.append(upload, 0, content.subarray(0, 6))
      await bench.files.append(upload, 6, content.subarray(6, 10))
      await bench.files.append(upload, 10, content.subarray(10))
      const columns = ['username', undefined, 'domain']
      await bench.files.complete(upload, { columns, place: first, size: content.length })
      return upload.id
    }

    async function taken(): Promise<TakenImport> {
      await received()
      const shift = await bench.shifts.takeOver()
      if (shift === undefined) throw new Error('nothing was taken over')
      return shift
    }

    function note(shift: Shift, rows: readonly WrittenRow[], offset: number): Promise<boolean> {
      const place = { offset, line: 7, row: rows.length }
      return bench.shifts.note(shift, { rows, place, counts: { ...nothingCounted, created: 5 }, workedSeconds: 1.5 })
    }

    async function contentFrom(id: string, offset: number): Promise<string> {
      const pieces: Uint8Array[] = []
      for await (const piece of bench.files.read({ id, size: content.length }, offset)) pieces.push(piece)
      return Buffer.concat(pieces).toString()
    }

    it('are there when all of their file is', async () => {
      const upload = await receive()
      await bench.files.append(upload, 0, content)
      expect(await bench.imports.find(upload.id)).toBeUndefined()
      expect((await bench.imports.list(undefined, onePage)).total).toBe(0)
      expect(await bench.shifts.takeOver()).toBeUndefined()
      const file = { columns: ['username', undefined], place: first, size: content.length }
      const completed = await bench.files.complete(upload, file)
      const { columns, place, size, ...others } = completed
      expect({ columns, place, size }).toEqual(file)
      expect(others).toMatchObject({ format: 'csv', policy, startedBy, state: 'running', counts: nothingCounted })
      expect(await bench.imports.find(upload.id)).toEqual(completed)
    })

    it('leave nothing of a file that was not received to its end', async () => {
      const discarded = await receive()
      await bench.files.append(discarded, 0, content)
      await bench.files.discard(discarded)
      const abandoned = await receive()
      await bench.files.append(abandoned, 0, content)
      expect(await bench.files.discardAbandoned()).toBe(0)
      await bench.expireLease(abandoned.id)
      expect(await bench.files.discardAbandoned()).toBe(1)
      for (const { id } of [discarded, abandoned]) expect((await bench.kept(id)).pieces).toBe(0)
      await expect(bench.files.append(abandoned, 0, content)).rejects.toThrow(ShiftOver)
    })

    it('are received anew under the same id, and only by who came last', async () => {
      const before = await receive()
      await bench.files.append(before, 0, content)
      const upload = await receive(before.id)
      expect((await bench.kept(before.id)).pieces).toBe(0)
      await expect(bench.files.append(before, 0, content)).rejects.toThrow(ShiftOver)
      await bench.files.discard(before)
      await bench.files.append(upload, 0, content)
      await bench.files.complete(upload, { columns: [], place: first, size: content.length })
      await expect(receive(before.id)).rejects.toThrow(ShiftOver)
    })

    it('say how many bytes wait, those of one and all', async () => {
      const cancelled = await received()
      await bench.imports.cancel(cancelled)
      const shift = await taken()
      await note(shift, [row(1)], 9)
      await received({ ...startedBy, subject: 'other' })
      await receive(undefined, { ...startedBy, subject: 'other' })
      const upload = await receive(undefined, { ...startedBy, subject: 'other' })
      await bench.files.append(upload, 0, content.subarray(0, 6))
      expect(await bench.files.waiting('other')).toEqual({ own: 16, all: 21 })
      expect(await bench.files.waiting('nobody')).toEqual({ own: 0, all: 21 })
    })

    it('have their file read from anywhere', async () => {
      const id = await received()
      for (const offset of [0, 3, 6, 7, 13])
        expect(await contentFrom(id, offset)).toBe(content.toString().slice(offset))
      expect(await contentFrom(id, 14)).toBe('')
    })

    it('let go of their file as far as nobody reads it again', async () => {
      const shift = await taken()
      await note(shift, [row(1, { start: 4 })], 9)
      await expect(contentFrom(shift.id, 4)).rejects.toThrow(ShiftOver)
      expect(await contentFrom(shift.id, 9)).toBe('56789')
      await note(shift, [row(2, { start: 7, outcome: 'unsettled' })], 14)
      expect(await contentFrom(shift.id, 7)).toBe('3456789')
      expect(await bench.shifts.unsettled(shift.id, 0)).toEqual([{ row: 2, line: 3, start: 7 }])
      expect(await bench.shifts.unsettled(shift.id, 2)).toEqual([])
      await note(shift, [row(2, { start: 7 })], 14)
      expect((await bench.kept(shift.id)).pieces).toBe(0)
    })

    it('are worked on by one at a time, those first that wait for the longest time', async () => {
      const ids = [await received(), await received()]
      const one = await bench.shifts.takeOver()
      expect(await bench.shifts.hasWaiting()).toBe(true)
      const other = await bench.shifts.takeOver()
      expect([one?.id, other?.id]).toEqual(ids)
      expect(await bench.shifts.hasWaiting()).toBe(false)
      expect(await bench.shifts.takeOver()).toBeUndefined()
    })

    it('are taken over from who is silent, whose words count no more', async () => {
      const before = await taken()
      await bench.expireLease(before.id)
      const shift = await bench.shifts.takeOver()
      expect(shift).toMatchObject({ id: before.id, turn: before.turn + 1, tries: 2 })
      await expect(note(before, [row(1)], 9)).rejects.toThrow(ShiftOver)
      await expect(bench.shifts.renew(before)).rejects.toThrow(ShiftOver)
      await expect(bench.shifts.postpone(before, 'x', 1)).rejects.toThrow(ShiftOver)
      await expect(bench.shifts.end(before, 'done')).rejects.toThrow(ShiftOver)
      expect((await bench.imports.listRows(before.id, undefined, onePage)).total).toBe(0)
    })

    it('keep how far they are, and forget their tries when they get on', async () => {
      const before = await taken()
      expect(await note(before, [row(1)], 9)).toBe(true)
      await bench.shifts.postpone(before, 'away\0', 0)
      const shift = await bench.shifts.takeOver()
      expect(shift).toMatchObject({
        tries: 1,
        import: {
          place: { offset: 9, line: 7, row: 1 },
          counts: { created: 5 },
          workedSeconds: 1.5,
          lastError: 'away\ufffd',
        },
      })
    })

    it('tell what came of their rows, in the order of the file', async () => {
      const shift = await taken()
      const told = { outcome: 'refused', code: 'x.y', sentence: 'No\0.', username: 'jo' } as const
      await note(shift, [row(2, told), row(1), row(3)], 9)
      const refused = { row: 2, line: 3, ...told, sentence: 'No\ufffd.' }
      const listed = await bench.imports.listRows(shift.id, undefined, { max: 2, page: 0 })
      expect([listed.total, listed.rows.map((each) => each.row)]).toEqual([3, [1, 2]])
      expect(listed.rows[1]).toEqual(refused)
      expect(await bench.imports.listRows(shift.id, 'refused', onePage)).toEqual({ rows: [refused], total: 1 })
      expect((await bench.imports.rowsAfter(shift.id, undefined, 1)).map((each) => each.row)).toEqual([2, 3])
      expect(await bench.imports.rowsAfter(shift.id, 'refused', 2)).toEqual([])
    })

    it('remember what the rows of a dry run take', async () => {
      const shift = await taken()
      await note(
        shift,
        [row(1, { takes: [{ name: 'login:a', by: 'x' }] }), row(2, { takes: [{ name: 'login:a', by: 'y' }] })],
        9,
      )
      expect(await bench.shifts.takenNames(shift.id, ['login:a', 'login:b'])).toEqual(new Map([['login:a', 'y']]))
      expect(await bench.shifts.takenNames(randomUUID(), ['login:a'])).toEqual(new Map())
      await bench.files.forget(shift.id)
      expect(await bench.kept(shift.id)).toEqual({ pieces: 0, rows: 2, names: 0 })
    })

    it('are cancelled once, and still hear what was done by then', async () => {
      const shift = await taken()
      expect(await bench.imports.cancel(shift.id)).toBe(true)
      expect(await bench.imports.cancel(shift.id)).toBe(false)
      expect(await note(shift, [row(1)], 9)).toBe(false)
      expect((await bench.imports.listRows(shift.id, undefined, onePage)).total).toBe(1)
      await expect(bench.shifts.end(shift, 'done')).rejects.toThrow(ShiftOver)
      expect(await bench.imports.resume(shift.id)).toBe(false)
      expect(await bench.imports.find(shift.id)).toMatchObject({
        state: 'cancelled',
        endedAt: expect.any(Date) as unknown,
      })
    })

    it('are paused with a reason, and resumed', async () => {
      const shift = await taken()
      expect(await bench.imports.resume(shift.id)).toBe(false)
      await bench.shifts.end(shift, 'paused', 'away')
      expect(await bench.imports.find(shift.id)).toMatchObject({ state: 'paused', lastError: 'away' })
      expect(await bench.shifts.takeOver()).toBeUndefined()
      expect(await bench.imports.resume(shift.id)).toBe(true)
      expect(await bench.shifts.takeOver()).toMatchObject({ id: shift.id, tries: 1 })
    })

    it('leave nothing of their file when they have ended, whatever kept it from being forgotten', async () => {
      const running = await taken()
      const cancelled = await taken()
      await note(cancelled, [row(1, { takes: [{ name: 'login:a', by: 'x' }] })], 4)
      await bench.imports.cancel(cancelled.id)
      const done = await taken()
      await bench.shifts.end(done, 'done')
      await bench.imports.forgetFilesOfEnded()
      const left = await Promise.all([running, cancelled, done].map(({ id }) => bench.kept(id)))
      expect(left.map(({ pieces, names }) => [pieces, names])).toEqual([
        [3, 0],
        [0, 0],
        [0, 0],
      ])
    })

    it('are listed newest first, all or those of one', async () => {
      const ids = [await received(), await received({ ...startedBy, subject: 'other' }), await received()]
      const all = await bench.imports.list(undefined, onePage)
      expect(all.imports.map(({ id }) => id)).toEqual(ids.toReversed())
      const own = await bench.imports.list('other', { max: 1, page: 0 })
      expect([own.total, own.imports[0]?.id]).toEqual([1, ids[1]])
    })

    it('are forgotten after a while with all that came of them, but not before they ended', async () => {
      const done = await taken()
      await note(done, [row(1)], 9)
      await bench.shifts.end(done, 'done')
      await bench.age(done.id, 100)
      const running = await received()
      expect(await bench.imports.forgetSome(200)).toBe(0)
      expect(await bench.imports.forgetSome(50)).toBe(1)
      expect(await bench.imports.find(done.id)).toBeUndefined()
      expect(await bench.kept(done.id)).toEqual({ pieces: 0, rows: 0, names: 0 })
      expect(await bench.imports.find(running)).toBeDefined()
    })

    it('are cancelled when nobody resumes them', async () => {
      const shift = await taken()
      await bench.shifts.end(shift, 'paused', 'away')
      await bench.age(shift.id, 100)
      await bench.imports.cancelForgotten(200)
      expect(await bench.imports.find(shift.id)).toMatchObject({ state: 'paused' })
      await bench.imports.cancelForgotten(50)
      expect(await bench.imports.find(shift.id)).toMatchObject({ state: 'cancelled' })
      expect((await bench.kept(shift.id)).pieces).toBe(0)
    })
  })
}
