import { randomUUID } from 'node:crypto'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Actor, Page } from '#kernel'
import { exclusive } from './claim.ts'
import {
  type OperationFilter,
  type OperationRecords,
  type OperationState,
  operationStates,
} from './operation-records.ts'
import { lookKind, type Operations, type StepRecord, type Turn } from './operations.ts'

export interface OperationRecordsBench {
  readonly records: OperationRecords
  /** The journal that they are the records of. */
  readonly operations: Operations
  /** Makes an operation have begun and ended so many seconds earlier. */
  age(id: string, seconds: number): Promise<void>
  /** Removes all operations there are. */
  clear(): Promise<void>
}

const onePage: Page = { max: 1000, page: 0 }
const secret = 'what it is about'
const begun: StepRecord = { name: 'wac-core: create', state: 'begun', tries: 1, begunAt: '2026-10-12T10:00:00.000Z' }
const done: StepRecord = { ...begun, state: 'done', endedAt: '2026-10-12T10:00:01.000Z' }
const failed: StepRecord = {
  ...begun,
  tries: 2,
  endedAt: '2026-10-12T10:00:02.000Z',
  error: 'service.unavailable: Gone.',
}

export function operationRecordsContract(name: string, setUp: () => Promise<OperationRecordsBench>): void {
  describe(`${name}: operation records`, () => {
    let bench: OperationRecordsBench
    let records: OperationRecords
    let operations: Operations
    beforeAll(async () => {
      bench = await setUp()
      records = bench.records
      operations = bench.operations
    })
    beforeEach(() => bench.clear())

    interface Begun {
      readonly subject?: string
      readonly actor?: Actor
    }

    const somebody: Actor = { subject: `söme'body`, name: 'Söme Body', role: 'kitter-domain-admin', domain: 'here' }

    async function begin({ subject = randomUUID(), actor = somebody }: Begun = {}): Promise<Turn> {
      const id = randomUUID()
      await operations.begin({ id, kind: 'user.create', subject, actor, claims: [exclusive(id)] })
      await operations.note({ id, turn: 0 }, { state: { secret }, steps: [begun] }, { secret })
      return { id, turn: 0 }
    }

    const postpone = (turn: Turn, stuck: boolean, seconds = 60): Promise<void> =>
      operations.postpone(
        turn,
        { state: { secret }, steps: [failed] },
        { settling: 'undo', reason: 'service.unavailable: Gone.', seconds, stuck },
      )

    const into: Readonly<Record<OperationState, (turn: Turn) => Promise<void>>> = {
      open: () => Promise.resolve(),
      settling: (turn) => postpone(turn, false),
      stuck: (turn) => postpone(turn, true),
      done: (turn) => operations.finish(turn, [done], () => Promise.resolve()),
      undone: (turn) => operations.abandon(turn, [{ ...done, state: 'undone' }], 'user.name_taken: Taken.'),
    }

    async function given(state: OperationState, begun: Begun = {}): Promise<string> {
      const turn = await begin(begun)
      await into[state](turn)
      return turn.id
    }

    async function idsOf(filter: OperationFilter): Promise<readonly string[]> {
      return (await records.list(filter, onePage)).operations.map(({ id }) => id)
    }

    const near = (date: Date | undefined, seconds = 0): boolean =>
      Math.abs(Date.now() + seconds * 1000 - (date?.getTime() ?? 0)) < 10_000

    it('tell all of an operation but what it is about', async () => {
      const id = await given('settling', { subject: 'subject' })
      const report = await records.find(id)
      expect(report).toMatchObject({ id, kind: 'user.create', subject: 'subject', state: 'settling', tries: 0 })
      expect(report).toMatchObject({ actor: { id: somebody.subject, name: somebody.name }, steps: [failed] })
      expect(report?.lastError).toBe('service.unavailable: Gone.')
      expect([near(report?.startedAt), near(report?.nextTryAt, 60), report?.endedAt]).toEqual([true, true, undefined])
      for (const state of operationStates) await given(state)
      expect(JSON.stringify(await records.list({}, onePage))).not.toContain(secret)
    })

    it.each([
      ['open', [begun], undefined],
      ['stuck', [failed], 'service.unavailable: Gone.'],
      ['done', [done], undefined],
      ['undone', [{ ...done, state: 'undone' }], 'user.name_taken: Taken.'],
    ] as const)('tell of one that is %s', async (state, steps, lastError) => {
      const report = await records.find(await given(state))
      expect([report?.state, report?.steps, report?.lastError, report?.nextTryAt]).toEqual([
        state,
        steps,
        lastError,
        undefined,
      ])
      expect(report?.endedAt === undefined).toBe(state === 'open' || state === 'stuck')
    })

    it('say nothing of claims that are held only to look', async () => {
      const id = randomUUID()
      await operations.begin({ id, kind: lookKind, subject: id, actor: somebody, claims: [exclusive(id)] })
      expect(await records.list({}, onePage)).toEqual({ operations: [], total: 0 })
      expect(await records.countUnsettled()).toEqual({ open: 0, settling: 0, stuck: 0 })
    })

    it('know nothing of one that is not there', async () => {
      expect(await records.find(randomUUID())).toBeUndefined()
    })

    it('list what is new first, page by page, always in the same order', async () => {
      const ids: string[] = []
      for (let count = 0; count < 7; count++) ids.push(await given('done'))
      // the same moment for three of them
      for (const [index, id] of ids.entries()) await bench.age(id, index < 3 ? 100 : 100 - index)
      const all = await idsOf({})
      expect(all.slice(0, 4)).toEqual(ids.slice(3).toReversed())
      const pages = await Promise.all([0, 1, 2, 3].map((page) => records.list({}, { max: 2, page })))
      expect(pages.flatMap(({ operations: page }) => page.map(({ id }) => id))).toEqual(all)
      expect(pages.map(({ total }) => total)).toEqual([7, 7, 7, 7])
    })

    it.each(operationStates)('find those that are %s', async (state) => {
      const ids = new Map<OperationState, string>()
      for (const each of operationStates) ids.set(each, await given(each))
      expect(await records.list({ state }, onePage)).toMatchObject({
        operations: [{ id: ids.get(state), state }],
        total: 1,
      })
    })

    it('find those on a subject, of an actor, from a time on, and all of that together', async () => {
      const actor: Actor = { ...somebody, subject: 'other' }
      const [own, others, old] = [
        await given('done', { subject: 'a' }),
        await given('done', { subject: 'a', actor }),
        await given('done'),
      ]
      await bench.age(old, 3600)
      const since = new Date(Date.now() - 1_800_000)
      expect(await idsOf({ subject: 'a' })).toEqual([others, own])
      expect(await idsOf({ askedBy: 'other' })).toEqual([others])
      expect(await idsOf({ since })).toEqual([others, own])
      expect(await idsOf({ since, subject: 'a', askedBy: somebody.subject, state: 'done' })).toEqual([own])
      for (const subject of ['A', 'a ', '%', '', randomUUID()]) expect(await idsOf({ subject })).toEqual([])
    })

    it.each(['stuck', 'settling'] as const)('have one that is %s tried again at once, and as often', async (state) => {
      const begun = await begin()
      await postpone(begun, false, 0)
      const [tried] = await operations.takeOver(10)
      await into[state](tried ?? begun)
      expect(await records.find(begun.id)).toMatchObject({ state, tries: 1 })
      expect(await operations.takeOver(10)).toEqual([])
      await records.retry(begun.id)
      expect(await records.find(begun.id)).toMatchObject({ state: 'settling', tries: 0 })
      const expected = { id: begun.id, tries: 1, settling: 'undo', payload: { secret }, steps: [failed] }
      expect(await operations.takeOver(10)).toMatchObject([expected])
    })

    it('leave one that somebody settles at this moment as it is', async () => {
      const begun = await begin()
      await postpone(begun, false, 0)
      const [taken] = await operations.takeOver(10)
      const before = await records.find(begun.id)
      await records.retry(begun.id)
      expect(await records.find(begun.id)).toEqual(before)
      expect(before).toMatchObject({ state: 'settling', tries: 1 })
      expect(await operations.takeOver(10)).toEqual([])
      await operations.abandon(taken ?? begun, [], 'enough')
      expect(await records.find(begun.id)).toMatchObject({ state: 'undone' })
    })

    it.each(['open', 'done', 'undone'] as const)('leave one that is %s as it is', async (state) => {
      const id = await given(state)
      const before = await records.find(id)
      await records.retry(id)
      expect(await records.find(id)).toEqual(before)
      expect(await operations.takeOver(10)).toEqual([])
    })

    it('count those that are not settled', async () => {
      expect(await records.countUnsettled()).toEqual({ open: 0, settling: 0, stuck: 0 })
      for (const state of operationStates) await given(state)
      for (const state of ['stuck', 'stuck', 'settling'] as const) await given(state)
      expect(await records.countUnsettled()).toEqual({ open: 1, settling: 2, stuck: 3 })
    })

    it('forget those that ended long ago, and never one that has not', async () => {
      const ids = new Map<OperationState, string>()
      for (const state of operationStates) ids.set(state, await given(state))
      for (const id of ids.values()) await bench.age(id, 100)
      const young = await given('done')
      expect(await records.forgetSome(200)).toBe(0)
      expect(await records.forgetSome(50)).toBe(2)
      expect(await records.forgetSome(50)).toBe(0)
      expect((await idsOf({})).toSorted()).toEqual(
        [young, ...['open', 'settling', 'stuck'].map((state) => ids.get(state as OperationState) ?? '')].toSorted(),
      )
    })
  })
}
