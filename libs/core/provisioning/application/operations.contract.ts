import { randomUUID } from 'node:crypto'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Actor, DomainError, type Transaction } from '#kernel'
import { type Claim, exclusive, shared, takes } from './claim.ts'
import type { Journalled } from './operation-kind.ts'
import {
  type OperationEntry,
  type Operations,
  type Postponed,
  type Progress,
  type StepRecord,
  type Turn,
  TurnOver,
  type Unsettled,
} from './operations.ts'

export interface JournalEntry {
  readonly state: 'open' | 'settling' | 'stuck' | 'done' | 'undone'
  readonly reason: string | undefined
  readonly kind: string
  readonly subject: string
  readonly actor: string
  readonly actorName: string
  readonly payload: Journalled | undefined
  readonly learned: Journalled
  readonly steps: readonly StepRecord[]
}

export interface OperationsBench {
  readonly operations: Operations
  /** What the journal says of an operation, if it's in there. */
  journal(id: string): Promise<JournalEntry | undefined>
  /** How long an operation's lease still runs. */
  leaseSeconds(id: string): Promise<number>
  /** Makes an operation's lease run out now. */
  expireLease(id: string): Promise<void>
  /** Makes the last effect have been begun so many seconds ago. */
  ageEffect(id: string, seconds: number): Promise<void>
  /** Writes something as part of a unit of work. */
  write(mark: string, within: Transaction): Promise<void>
  isWritten(mark: string): Promise<boolean>
}

const actor: Actor = { subject: 'somebody', name: 'Some Body', role: 'kitter-admin' }

function entry(claims: readonly Claim[]): OperationEntry {
  return { id: randomUUID(), kind: 'test.change', subject: randomUUID(), actor, claims }
}

const begun: StepRecord = { name: 'wac-core: create', state: 'begun', tries: 1, begunAt: '2026-10-12T10:00:00.000Z' }
const done: StepRecord = { ...begun, state: 'done', endedAt: '2026-10-12T10:00:01.000Z' }
const progress: Progress = { state: { id: 'é"\\', list: [1, null, { a: true }] }, steps: [begun] }
const payload: Journalled = { user: { name: "O'Brien 🙂", tags: ['a', '{}'] }, mapsSip: false }
const postponed: Postponed = { settling: 'undo', reason: 'service.unavailable: Gone.', seconds: 0, stuck: false }
const nothing = (): Promise<void> => Promise.resolve()

export function operationsContract(name: string, setUp: () => Promise<OperationsBench>): void {
  describe(`${name}: operations`, () => {
    let bench: OperationsBench
    let operations: Operations
    /** Keys that no other test has. */
    let a: string
    let b: string
    let c: string
    beforeAll(async () => {
      bench = await setUp()
      operations = bench.operations
    })
    beforeEach(() => {
      const [one, two, three] = [randomUUID(), randomUUID(), randomUUID()]
      ;[a, b, c] = [`a:${one}`, `b:${two}`, `c:${three}`]
    })

    /** An operation in its first turn that has these claims. */
    async function given(...claims: readonly Claim[]): Promise<Turn> {
      const operation = entry(claims)
      expect(await operations.begin(operation)).toEqual([])
      return { id: operation.id, turn: 0 }
    }

    /** Those of the claims that another operation holds; it doesn't begin, or is gone again. */
    async function held(...claims: readonly Claim[]): Promise<readonly Claim[]> {
      const operation = entry(claims)
      const heldClaims = await operations.begin(operation)
      if (heldClaims.length === 0) await operations.abandon({ id: operation.id, turn: 0 }, [], 'only looked')
      return heldClaims
    }

    async function state(id: string): Promise<string | undefined> {
      return (await bench.journal(id))?.state
    }

    /** What somebody gets who takes over everything that can be. */
    async function takenOver(): Promise<readonly Unsettled[]> {
      const all: Unsettled[] = []
      for (let some = await operations.takeOver(100); some.length > 0; some = await operations.takeOver(100)) {
        all.push(...some)
      }
      return all
    }

    async function takeOver({ id }: Turn): Promise<Unsettled> {
      const taken = (await takenOver()).find((operation) => operation.id === id)
      if (taken === undefined) throw new Error('somebody still carries the operation on')
      return taken
    }

    /** An operation that somebody has taken over from another, in its old turn and its new one. */
    async function givenTakenOver(...claims: readonly Claim[]): Promise<readonly [Turn, Unsettled]> {
      const before = await given(...claims)
      await operations.note(before, progress, payload)
      await bench.expireLease(before.id)
      return [before, await takeOver(before)]
    }

    /** Every word that can be said of an operation. */
    const words = (): readonly (readonly [string, (turn: Turn) => Promise<void>])[] => [
      ['note', (turn) => operations.note(turn, { state: { late: true }, steps: [] }, { late: true })],
      ['finish', (turn) => operations.finish(turn, [], (within) => bench.write(a, within))],
      ['abandon', (turn) => operations.abandon(turn, [], 'late')],
      ['postpone', (turn) => operations.postpone(turn, { state: { late: true }, steps: [] }, postponed)],
    ]

    async function expectRefused(turn: Turn): Promise<void> {
      const before = await bench.journal(turn.id)
      for (const [word, say] of words()) await expect(say(turn), word).rejects.toBeInstanceOf(TurnOver)
      expect(await bench.journal(turn.id)).toEqual(before)
      expect(await bench.isWritten(a)).toBe(false)
    }

    describe('begin', () => {
      it('enters the operation', async () => {
        const operation: OperationEntry = {
          ...entry([exclusive(a)]),
          kind: 'user.create',
          actor: { subject: `söme'body"\\`, name: 'Söme Body', role: 'kitter-admin' },
        }
        expect(await operations.begin(operation)).toEqual([])
        const { kind, subject, actor } = operation
        expect(await bench.journal(operation.id)).toEqual({
          ...{ state: 'open', reason: undefined, kind, subject, actor: actor.subject, actorName: actor.name },
          ...{ payload: undefined, learned: {}, steps: [] },
        })
      })

      it('takes all of the claims, of either kind', async () => {
        await given(exclusive(a), shared(b), takes(c, new DomainError('conflict', 'test.taken', 'Taken.')))
        for (const key of [a, b, c]) expect(await held(exclusive(key))).toEqual([exclusive(key)])
      })

      it('takes none of them where one is held, and does not enter the operation', async () => {
        await given(exclusive(b))
        const operation = entry([exclusive(a), exclusive(b), shared(c)])
        expect(await operations.begin(operation)).toEqual([exclusive(b)])
        expect(await held(exclusive(a), exclusive(c))).toEqual([])
        expect(await bench.journal(operation.id)).toBeUndefined()
      })

      it('gives back every claim that others hold, as it was, in its order', async () => {
        const taken = new DomainError('conflict', 'test.taken', 'Taken.')
        await given(exclusive(a))
        await given(exclusive(c))
        const answer = await operations.begin(entry([takes(c, taken), exclusive(b), shared(a)]))
        expect(answer).toEqual([takes(c, taken), shared(a)])
        expect(answer[0]?.taken).toBe(taken)
      })

      it('needs no claim', async () => {
        const { id } = await given()
        expect(await state(id)).toBe('open')
      })

      it('takes a key that is named twice, alone if it is named so once', async () => {
        await given(shared(a), exclusive(a), exclusive(b), shared(b), shared(c), shared(c))
        for (const key of [a, b]) expect(await held(shared(key))).toEqual([shared(key)])
        expect(await held(shared(c))).toEqual([])
        expect(await held(exclusive(c))).toEqual([exclusive(c)])
      })

      it('does not get a key alone that another has, though it names it twice', async () => {
        await given(shared(a))
        expect((await held(shared(a), exclusive(a))).map(({ key }) => key)).toContain(a)
      })

      it('takes keys of any text for what they are', async () => {
        const texts = [
          '',
          ' ',
          'NULL',
          '{}',
          '{a,b}',
          `"'\\`,
          ',',
          '%',
          '_',
          'é 🙂 م',
          '中'.repeat(255),
          'x'.repeat(512),
        ]
        const keys = texts.map((text) => `${a}${text}`)
        const turn = await given(...keys.map(exclusive))
        for (const key of keys) expect(await held(exclusive(key))).toEqual([exclusive(key)])
        expect(await held(exclusive(a.toUpperCase()), exclusive(`${a}*`))).toEqual([])
        await operations.abandon(turn, [], 'enough')
        expect(await held(...keys.map(exclusive))).toEqual([])
      })
    })

    describe('claims of one key', () => {
      it.each([
        ['an exclusive one', exclusive, 'an exclusive one', exclusive, 'does not'],
        ['a shared one', shared, 'a shared one', shared, 'does'],
        ['an exclusive one', exclusive, 'a shared one', shared, 'does not'],
        ['a shared one', shared, 'an exclusive one', exclusive, 'does not'],
      ])('%s bears %3$s beside it: %5$s', async (_, first, __, second, bears) => {
        await given(first(a))
        expect(await held(second(a))).toEqual(bears === 'does' ? [] : [second(a)])
      })

      it('are shared by any number, and taken alone when the last of them has let go', async () => {
        const holders = [await given(shared(a)), await given(shared(a)), await given(shared(a))]
        for (const holder of holders) {
          expect(await held(exclusive(a))).toEqual([exclusive(a)])
          await operations.abandon(holder, [], 'enough')
        }
        expect(await held(exclusive(a))).toEqual([])
      })

      it('are not in the way of other keys', async () => {
        await given(exclusive(a))
        expect(await held(exclusive(b), shared(c))).toEqual([])
      })
    })

    describe('operations that begin at once', () => {
      it('get an exclusive claim once', async () => {
        for (let round = 0; round < 10; round++) {
          const key = `${a}:${round}`
          const answers = await Promise.all(Array.from({ length: 8 }, () => operations.begin(entry([exclusive(key)]))))
          expect(answers.filter((claims) => claims.length === 0)).toHaveLength(1)
          expect(answers.filter((claims) => claims.length > 0)).toEqual(
            Array.from({ length: 7 }, () => [exclusive(key)]),
          )
        }
      })

      it('get a shared claim all of them', async () => {
        const answers = await Promise.all(Array.from({ length: 8 }, () => operations.begin(entry([shared(a)]))))
        expect(answers).toEqual(Array.from({ length: 8 }, () => []))
      })

      it('get a key either shared or alone', async () => {
        for (let round = 0; round < 10; round++) {
          const key = `${a}:${round}`
          const kinds = [shared, exclusive, shared, exclusive, shared, exclusive, shared, exclusive]
          const answers = await Promise.all(kinds.map((kind) => operations.begin(entry([kind(key)]))))
          const winners = kinds.filter((_, index) => answers[index]?.length === 0)
          expect(winners.length).toBeGreaterThan(0)
          if (winners.includes(exclusive)) expect(winners).toHaveLength(1)
        }
      })

      it('do not deadlock when they want the same keys in another order', async () => {
        for (let round = 0; round < 60; round++) {
          const keys = Array.from({ length: 6 }, (_, index) => exclusive(`${a}:${round}:${index}`))
          const orders = [keys, keys.toReversed(), keys.slice(3).concat(keys.slice(0, 3)), keys.toSorted(() => -1)]
          const answers = await Promise.all(orders.map((claims) => operations.begin(entry(claims))))
          expect(answers.filter((claims) => claims.length === 0)).toHaveLength(1)
        }
      })

      it('never have a key together, however their claims overlap', async () => {
        for (let round = 0; round < 30; round++) {
          const wanted = Array.from({ length: 6 }, (_, index) => [
            index % 4,
            (index * 3 + 1 + round) % 4,
            (index + 2) % 5,
          ])
          const entries = wanted.map((keys) =>
            entry([...new Set(keys)].map((key) => exclusive(`${a}:${round}:${key}`))),
          )
          const answers = await Promise.all(entries.map((each) => operations.begin(each)))
          const won = entries.filter((_, index) => answers[index]?.length === 0)
          const keys = won.flatMap(({ claims }) => claims.map(({ key }) => key))
          expect(won.length).toBeGreaterThan(0)
          expect(new Set(keys).size).toBe(keys.length)
        }
      })
    })

    describe('note', () => {
      it('writes down what the operation is about, what it learned, and its steps', async () => {
        const turn = await given(exclusive(a))
        await operations.note(turn, progress, payload)
        expect(await bench.journal(turn.id)).toMatchObject({
          state: 'open',
          payload,
          learned: progress.state,
          steps: [begun],
        })
      })

      it('replaces what was written, and keeps what the operation is about', async () => {
        const turn = await given(exclusive(a))
        await operations.note(turn, progress, payload)
        await operations.note(turn, { state: { more: 1 }, steps: [done, { ...begun, name: 'next' }] })
        const written = await bench.journal(turn.id)
        expect(written).toMatchObject({ payload, steps: [done, { ...begun, name: 'next' }] })
        expect(written?.learned).toEqual({ more: 1 })
      })

      it('renews the lease', async () => {
        const turn = await given(exclusive(a))
        const full = await bench.leaseSeconds(turn.id)
        await bench.expireLease(turn.id)
        await operations.note(turn, progress)
        expect(await bench.leaseSeconds(turn.id)).toBeGreaterThan(full - 5)
        expect((await takenOver()).map(({ id }) => id)).not.toContain(turn.id)
      })
    })

    describe('release', () => {
      it('leaves no trace of the operation, nor of its claims', async () => {
        const held = entry([exclusive(`key:${randomUUID()}`)])
        await operations.begin(held)
        await operations.release({ id: held.id, turn: 0 })
        expect(await bench.journal(held.id)).toBeUndefined()
        expect(await operations.begin({ ...held, id: randomUUID() })).toEqual([])
      })

      it('keeps what was begun, and what another has taken over', async () => {
        const [started, taken] = [entry([]), entry([])]
        for (const each of [started, taken]) await operations.begin(each)
        await operations.note({ id: started.id, turn: 0 }, progress, payload)
        await bench.expireLease(taken.id)
        while ((await operations.takeOver(10)).length > 0);
        for (const { id } of [started, taken]) {
          await operations.release({ id, turn: 0 })
          expect(await bench.journal(id)).toBeDefined()
        }
      })
    })

    describe('finish', () => {
      it('writes, tells the journal and lets the claims go', async () => {
        const turn = await given(exclusive(a), shared(b))
        await operations.finish(turn, [done], (within) => bench.write(a, within))
        expect(await bench.isWritten(a)).toBe(true)
        expect(await bench.journal(turn.id)).toMatchObject({ state: 'done', reason: undefined, steps: [done] })
        expect(await held(exclusive(a), exclusive(b))).toEqual([])
      })

      it('does it all in one unit of work', async () => {
        const turn = await given(exclusive(a))
        await operations.finish(turn, [done], async (within) => {
          await bench.write(a, within)
          expect(await bench.isWritten(a)).toBe(false)
          expect(await held(exclusive(a))).toEqual([exclusive(a)])
          expect(await state(turn.id)).toBe('open')
        })
      })

      it('leaves everything as it was when the write throws', async () => {
        const turn = await given(exclusive(a))
        await operations.note(turn, progress, payload)
        const before = await bench.journal(turn.id)
        const refusal = new DomainError('conflict', 'test.refused', 'No.')
        const finishing = operations.finish(turn, [done], async (within) => {
          await bench.write(a, within)
          throw refusal
        })
        await expect(finishing).rejects.toBe(refusal)
        expect(await bench.isWritten(a)).toBe(false)
        expect(await held(exclusive(a))).toEqual([exclusive(a)])
        expect(await bench.journal(turn.id)).toEqual(before)
      })

      it('can be tried again after a write that threw, or given up', async () => {
        const [again, givenUp] = [await given(exclusive(a)), await given(exclusive(b))]
        for (const turn of [again, givenUp])
          await expect(operations.finish(turn, [], () => Promise.reject(new Error('no')))).rejects.toThrow('no')
        await operations.finish(again, [], (within) => bench.write(a, within))
        await operations.abandon(givenUp, [], 'no')
        expect([await state(again.id), await state(givenUp.id)]).toEqual(['done', 'undone'])
        expect(await held(exclusive(a), exclusive(b))).toEqual([])
      })

      it('leaves the claims of others alone', async () => {
        const [turn] = [await given(exclusive(a), shared(c)), await given(exclusive(b), shared(c))]
        await operations.finish(turn, [], nothing)
        expect(await held(exclusive(a), exclusive(b))).toEqual([exclusive(b)])
        expect(await held(exclusive(c))).toEqual([exclusive(c)])
      })

      it('writes nothing in a turn that is over, also where it is noticed last', async () => {
        const [before, now] = await givenTakenOver(exclusive(b))
        await expect(operations.finish(before, [], (within) => bench.write(a, within))).rejects.toBeInstanceOf(TurnOver)
        await operations.finish(now, [], nothing)
        expect(await bench.isWritten(a)).toBe(false)
      })

      it('has effect once when it is said twice at once', async () => {
        const turn = await given(exclusive(b))
        const outcomes = await Promise.allSettled([
          operations.finish(turn, [], (within) => bench.write(a, within)),
          operations.finish(turn, [], (within) => bench.write(c, within)),
        ])
        expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
        expect([await bench.isWritten(a), await bench.isWritten(c)].filter(Boolean)).toHaveLength(1)
      })
    })

    describe('abandon', () => {
      it('says why, and lets the claims go', async () => {
        const turn = await given(exclusive(a), shared(b))
        await operations.abandon(turn, [{ ...done, state: 'undone' }], `user.name_taken: "it's" taken`)
        expect(await bench.journal(turn.id)).toMatchObject({
          state: 'undone',
          reason: `user.name_taken: "it's" taken`,
          steps: [{ ...done, state: 'undone' }],
        })
        expect(await held(exclusive(a), exclusive(b))).toEqual([])
      })

      it('leaves the claims of others alone', async () => {
        const [turn] = [await given(shared(a)), await given(shared(a))]
        await operations.abandon(turn, [], 'enough')
        expect(await held(exclusive(a))).toEqual([exclusive(a)])
      })
    })

    it('is finished once its end took effect, and not before, nor when it was abandoned', async () => {
      const [turn, other] = [await given(exclusive(a)), await given(exclusive(b))]
      expect(await operations.isFinished(turn.id)).toBe(false)
      await operations.finish(turn, [], nothing)
      expect(await operations.isFinished(turn.id)).toBe(true)
      await operations.abandon(other, [], 'enough')
      expect(await operations.isFinished(other.id)).toBe(false)
    })

    it('says whether it is finished when nothing is under way any more that could change it', async () => {
      const turn = await given(exclusive(a))
      const gate = Promise.withResolvers<undefined>()
      const entered = Promise.withResolvers<undefined>()
      const finishing = operations.finish(turn, [], async () => {
        entered.resolve(undefined)
        await gate.promise
      })
      await entered.promise
      const asking = operations.isFinished(turn.id)
      expect(await held(exclusive(a))).toEqual([exclusive(a)])
      gate.resolve(undefined)
      await finishing
      expect(await asking).toBe(true)
    })

    it('forgets at the end what it was about and what it learned, and keeps its steps', async () => {
      const [forward, back] = [await given(exclusive(a)), await given(exclusive(b))]
      for (const turn of [forward, back]) await operations.note(turn, progress, payload)
      await operations.finish(forward, [done], nothing)
      await operations.abandon(back, [done], 'enough')
      for (const { id } of [forward, back]) {
        expect(await bench.journal(id)).toMatchObject({ payload: undefined, learned: {}, steps: [done] })
        expect((await bench.journal(id))?.learned).toEqual({})
      }
    })

    describe('postpone', () => {
      it('says why, and keeps the claims', async () => {
        const turn = await given(exclusive(a), shared(b))
        await operations.note(turn, progress, payload)
        await operations.postpone(turn, { state: { more: 1 }, steps: [done] }, { ...postponed, seconds: 60 })
        const reason = 'service.unavailable: Gone.'
        expect(await bench.journal(turn.id)).toMatchObject({ state: 'settling', reason, payload, steps: [done] })
        expect((await bench.journal(turn.id))?.learned).toEqual({ more: 1 })
        expect(await held(exclusive(a), exclusive(b))).toEqual([exclusive(a), exclusive(b)])
        expect(await held(shared(b))).toEqual([])
      })

      it('leaves it as it was decided where nothing is said of that', async () => {
        const { settling: _, ...undecided } = postponed
        const [back, open] = [await given(exclusive(a)), await given(exclusive(b))]
        await operations.note(back, progress, payload, 'undo')
        for (const turn of [back, open]) await operations.postpone(turn, progress, undecided)
        const taken = await takenOver()
        expect(taken.find(({ id }) => id === back.id)).toMatchObject({ settling: 'undo' })
        expect(taken.find(({ id }) => id === open.id)).toMatchObject({ settling: undefined })
      })

      it('can be followed by a word of the same turn', async () => {
        const turn = await given(exclusive(a))
        await operations.postpone(turn, progress, postponed)
        await operations.finish(turn, [done], (within) => bench.write(a, within))
        expect(await state(turn.id)).toBe('done')
      })
    })

    describe('takeOver', () => {
      it('takes nothing that somebody carries on, or that is to wait, or has ended', async () => {
        const [carried, waiting] = [await given(exclusive(a)), await given(exclusive(b))]
        const [finished, abandoned] = [await given(), await given()]
        await operations.note(carried, progress, payload)
        await operations.postpone(waiting, progress, { ...postponed, seconds: 60 })
        await operations.finish(finished, [], nothing)
        await operations.abandon(abandoned, [], 'enough')
        for (const { id } of [finished, abandoned]) await bench.expireLease(id)
        const taken = (await takenOver()).map(({ id }) => id)
        for (const { id } of [carried, waiting, finished, abandoned]) expect(taken).not.toContain(id)
      })

      it('takes one whose lease has run out, with all that is known of it', async () => {
        const operation = { ...entry([exclusive(a)]), kind: 'user.create' }
        await operations.begin(operation)
        const turn = { id: operation.id, turn: 0 }
        await operations.note(turn, progress, payload)
        await bench.ageEffect(turn.id, 100)
        await bench.expireLease(turn.id)
        const taken = await takeOver(turn)
        expect(taken).toEqual({
          ...{ id: turn.id, turn: 1, tries: 1, kind: 'user.create', subject: operation.subject },
          ...{ payload, ...progress, settling: undefined, secondsSinceEffect: expect.any(Number) },
        })
        expect(taken.secondsSinceEffect).toBeGreaterThanOrEqual(100)
        expect(taken.secondsSinceEffect).toBeLessThan(110)
        expect(await state(turn.id)).toBe('settling')
      })

      it('takes one that was postponed once it is due, and knows how it is to be settled', async () => {
        const [back, forward] = [await given(exclusive(a)), await given(exclusive(b))]
        for (const turn of [back, forward]) await operations.note(turn, progress, payload)
        await operations.postpone(back, progress, postponed)
        await operations.postpone(forward, progress, { ...postponed, settling: 'finish', seconds: 60 })
        await bench.expireLease(forward.id)
        const taken = await takenOver()
        expect(taken.find(({ id }) => id === back.id)).toMatchObject({ settling: 'undo', turn: 1, payload })
        expect(taken.find(({ id }) => id === forward.id)).toMatchObject({ settling: 'finish', turn: 1, payload })
      })

      it('takes one that had not begun', async () => {
        const turn = await given(exclusive(a))
        await bench.expireLease(turn.id)
        expect(await takeOver(turn)).toMatchObject({ payload: undefined, state: {}, steps: [] })
      })

      it('gives it a lease again, and counts', async () => {
        const turn = await given(exclusive(a))
        const full = await bench.leaseSeconds(turn.id)
        for (const tries of [1, 2, 3]) {
          await bench.expireLease(turn.id)
          expect(await takeOver(turn)).toMatchObject({ tries, turn: tries })
          expect(await bench.leaseSeconds(turn.id)).toBeGreaterThan(full - 5)
          expect((await takenOver()).map(({ id }) => id)).not.toContain(turn.id)
        }
      })

      it('tells of the last effect that somebody gave up on', async () => {
        const [, now] = await givenTakenOver(exclusive(a))
        await bench.ageEffect(now.id, 400)
        await operations.postpone(now, progress, postponed)
        expect((await takeOver(now)).secondsSinceEffect).toBeGreaterThanOrEqual(400)
        await operations.postpone({ ...now, turn: 2 }, progress, { ...postponed, gaveUp: true })
        expect((await takeOver(now)).secondsSinceEffect).toBeLessThan(10)
      })

      it('counts what was made again from the last word of who was not heard of any more', async () => {
        const [, now] = await givenTakenOver(exclusive(a))
        const lease = await bench.leaseSeconds(now.id)
        await bench.ageEffect(now.id, 400)
        await operations.note(now, progress)
        await bench.expireLease(now.id)
        const next = await takeOver(now)
        expect(next.secondsSinceEffect).toBeLessThan(lease + 10)
        await bench.ageEffect(now.id, 400)
        await operations.note(next, progress)
        await operations.postpone(next, progress, { ...postponed, settling: 'finish' })
        expect((await takeOver(now)).secondsSinceEffect).toBeGreaterThanOrEqual(400)
      })

      it('does not count what was only being taken back', async () => {
        const [, now] = await givenTakenOver(exclusive(a))
        await bench.ageEffect(now.id, 400)
        await operations.note(now, progress, undefined, 'undo')
        await bench.expireLease(now.id)
        const next = await takeOver(now)
        expect(next.secondsSinceEffect).toBeGreaterThanOrEqual(400)
        await bench.expireLease(now.id)
        expect((await takeOver(now)).secondsSinceEffect).toBeGreaterThanOrEqual(400)
      })

      it('takes no more than it is told, those first that wait for the longest time', async () => {
        await takenOver()
        const turns = [await given(), await given(), await given()]
        for (const { id } of turns) await bench.expireLease(id)
        const taken = [await operations.takeOver(2), await operations.takeOver(2)]
        expect(taken.map((some) => some.map(({ id }) => id).toSorted())).toEqual([
          turns
            .slice(0, 2)
            .map(({ id }) => id)
            .toSorted(),
          turns.slice(2).map(({ id }) => id),
        ])
      })

      it('gives each to exactly one of several who come at once', async () => {
        await takenOver()
        for (let round = 0; round < 5; round++) {
          const turns = await Promise.all(Array.from({ length: 12 }, () => given()))
          for (const { id } of turns) await bench.expireLease(id)
          const answers = await Promise.all(Array.from({ length: 8 }, () => operations.takeOver(5)))
          const taken = [...answers.flat(), ...(await takenOver())].map(({ id }) => id)
          expect(taken.toSorted()).toEqual(turns.map(({ id }) => id).toSorted())
        }
      })
    })

    describe('a turn that is over', () => {
      it('is told so at every word, and changes nothing any more', async () => {
        const [before, now] = await givenTakenOver(exclusive(b))
        await expectRefused(before)
        expect(await held(exclusive(b))).toEqual([exclusive(b)])
        await operations.finish(now, [done], nothing)
        await expectRefused(before)
      })

      it.each(['finish', 'abandon'] as const)('is so after %s', async (end) => {
        const turn = await given(exclusive(b))
        if (end === 'finish') await operations.finish(turn, [done], nothing)
        else await operations.abandon(turn, [done], 'enough')
        await expectRefused(turn)
      })

      it('is not so only because the lease ran out: nobody has taken it over', async () => {
        const [noted, finished] = [await given(exclusive(b)), await given(exclusive(c))]
        for (const { id } of [noted, finished]) await bench.expireLease(id)
        await operations.note(noted, progress, payload)
        await operations.finish(finished, [done], nothing)
        expect([await state(noted.id), await state(finished.id)]).toEqual(['open', 'done'])
      })

      it('was never one of an operation that is not there', async () => {
        for (const [word, say] of words()) {
          await expect(say({ id: randomUUID(), turn: 0 }), word).rejects.toBeInstanceOf(TurnOver)
        }
      })

      it('is so for all but one, however an end and a taking over fall together', async () => {
        for (let round = 0; round < 10; round++) {
          const mark = `${a}:${round}`
          const turn = await given(exclusive(mark))
          await bench.expireLease(turn.id)
          const finishing = operations
            .finish(turn, [], (within) => bench.write(mark, within))
            .then(
              () => true,
              (error: unknown) => {
                expect(error).toBeInstanceOf(TurnOver)
                return false
              },
            )
          const [isFinished, ...taken] = await Promise.all([finishing, takenOver(), takenOver()])
          const mine = taken.flat().filter(({ id }) => id === turn.id)
          expect(mine).toHaveLength(isFinished ? 0 : 1)
          expect(await bench.isWritten(mark)).toBe(isFinished)
        }
      })
    })

    describe('an operation whose lease has run out', () => {
      it('keeps its claims until it is settled, whoever settles it', async () => {
        const turn = await given(exclusive(a), shared(b))
        await bench.expireLease(turn.id)
        expect(await held(exclusive(a), exclusive(b))).toEqual([exclusive(a), exclusive(b)])
        const taken = await takeOver(turn)
        expect(await held(exclusive(a), exclusive(b))).toEqual([exclusive(a), exclusive(b)])
        await operations.abandon(taken, [], 'undone')
        expect(await held(exclusive(a), exclusive(b))).toEqual([])
      })
    })

    describe('an operation that is stuck', () => {
      async function givenStuck(subject: string, ...claims: readonly Claim[]): Promise<Turn> {
        const operation = { ...entry(claims), subject }
        expect(await operations.begin(operation)).toEqual([])
        const turn = { id: operation.id, turn: 0 }
        await operations.note(turn, progress, payload)
        await operations.postpone(turn, progress, { ...postponed, stuck: true })
        return turn
      }

      const removal = (subject: string, ...claims: readonly Claim[]): OperationEntry => ({
        ...entry(claims),
        subject,
        removesSubject: true,
      })

      it('keeps its claims, and nobody takes it over', async () => {
        const turn = await givenStuck(randomUUID(), exclusive(a))
        await bench.expireLease(turn.id)
        expect((await takenOver()).map(({ id }) => id)).not.toContain(turn.id)
        expect(await state(turn.id)).toBe('stuck')
        expect(await held(exclusive(a))).toEqual([exclusive(a)])
        await expectRefused(turn)
      })

      it('lets its subject be taken away, and is closed then', async () => {
        const subject = randomUUID()
        const turn = await givenStuck(subject, exclusive(a), exclusive(b))
        const taking = removal(subject, exclusive(a))
        expect(await operations.begin(taking)).toEqual([])
        expect(await state(turn.id)).toBe('stuck')
        await operations.finish({ id: taking.id, turn: 0 }, [], nothing)
        expect(await bench.journal(turn.id)).toMatchObject({ state: 'undone', payload: undefined })
        expect((await bench.journal(turn.id))?.learned).toEqual({})
        expect(await held(exclusive(a), exclusive(b))).toEqual([])
      })

      it('stays as it is while its subject stays', async () => {
        const subject = randomUUID()
        const turn = await givenStuck(subject, exclusive(a))
        const taking = removal(subject, exclusive(a))
        await operations.begin(taking)
        await operations.abandon({ id: taking.id, turn: 0 }, [], 'refused')
        expect(await state(turn.id)).toBe('stuck')
        expect(await held(exclusive(a))).toEqual([exclusive(a)])
      })

      it('stands in the way of everybody else', async () => {
        const subject = randomUUID()
        await givenStuck(subject, exclusive(a))
        expect(await operations.begin({ ...entry([exclusive(a)]), subject })).toEqual([exclusive(a)])
        expect(await operations.begin(removal(randomUUID(), exclusive(a)))).toEqual([exclusive(a)])
      })

      it('is the only one that does not stand in the way: what is being settled does', async () => {
        const subject = randomUUID()
        const operation = { ...entry([exclusive(a)]), subject }
        await operations.begin(operation)
        await operations.postpone({ id: operation.id, turn: 0 }, progress, { ...postponed, seconds: 60 })
        expect(await operations.begin(removal(subject, exclusive(a)))).toEqual([exclusive(a)])
      })

      it('of another subject stays when one is taken away', async () => {
        const [subject, other] = [randomUUID(), randomUUID()]
        const [mine, others] = [await givenStuck(subject, exclusive(a)), await givenStuck(other, exclusive(b))]
        const taking = removal(subject, exclusive(a))
        await operations.begin(taking)
        await operations.finish({ id: taking.id, turn: 0 }, [], nothing)
        expect([await state(mine.id), await state(others.id)]).toEqual(['undone', 'stuck'])
        expect(await held(exclusive(b))).toEqual([exclusive(b)])
      })
    })
  })
}
