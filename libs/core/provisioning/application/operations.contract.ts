import { randomUUID } from 'node:crypto'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { DomainError, type Transaction } from '#kernel'
import { type Claim, exclusive, shared, takes } from './claim.ts'
import type { OperationEntry, Operations } from './operations.ts'

export interface JournalEntry {
  readonly state: 'open' | 'done' | 'abandoned' | 'unfinished'
  readonly reason?: string | undefined
  readonly kind: string
  readonly subject: string
  readonly actor: string
}

export interface OperationsBench {
  readonly operations: Operations
  /** What the journal says of an operation, if it's in there. */
  journal(id: string): Promise<JournalEntry | undefined>
  /** Makes an operation's lease run out now. */
  expireLease(id: string): Promise<void>
  /** Writes something as part of a unit of work. */
  write(mark: string, within: Transaction): Promise<void>
  isWritten(mark: string): Promise<boolean>
}

function entry(claims: readonly Claim[]): OperationEntry {
  return { id: randomUUID(), kind: 'test.change', subject: randomUUID(), actor: 'somebody', claims }
}

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

    /** The id of an operation that has these claims. */
    async function given(...claims: readonly Claim[]): Promise<string> {
      const operation = entry(claims)
      expect(await operations.begin(operation)).toEqual([])
      return operation.id
    }

    /** Those of the claims that another operation holds; it doesn't begin, or is gone again. */
    async function held(...claims: readonly Claim[]): Promise<readonly Claim[]> {
      const operation = entry(claims)
      const heldClaims = await operations.begin(operation)
      if (heldClaims.length === 0) await operations.abandon(operation.id, 'only looked')
      return heldClaims
    }

    async function state(id: string): Promise<string | undefined> {
      return (await bench.journal(id))?.state
    }

    describe('begin', () => {
      it('enters the operation', async () => {
        const operation = { ...entry([exclusive(a)]), kind: 'user.create', actor: `söme'body"\\` }
        expect(await operations.begin(operation)).toEqual([])
        const { kind, subject, actor } = operation
        expect(await bench.journal(operation.id)).toEqual({ state: 'open', reason: undefined, kind, subject, actor })
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
        const id = await given()
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
        const id = await given(...keys.map(exclusive))
        for (const key of keys) expect(await held(exclusive(key))).toEqual([exclusive(key)])
        expect(await held(exclusive(a.toUpperCase()), exclusive(`${a}*`))).toEqual([])
        await operations.abandon(id, 'enough')
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
          await operations.abandon(holder, 'enough')
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

    describe('finish', () => {
      it('writes, tells the journal and lets the claims go', async () => {
        const id = await given(exclusive(a), shared(b))
        await operations.finish(id, (within) => bench.write(a, within))
        expect(await bench.isWritten(a)).toBe(true)
        expect(await state(id)).toBe('done')
        expect(await held(exclusive(a), exclusive(b))).toEqual([])
      })

      it('does it all in one unit of work', async () => {
        const id = await given(exclusive(a))
        await operations.finish(id, async (within) => {
          await bench.write(a, within)
          expect(await bench.isWritten(a)).toBe(false)
          expect(await held(exclusive(a))).toEqual([exclusive(a)])
          expect(await state(id)).toBe('open')
        })
      })

      it('leaves everything as it was when the write throws', async () => {
        const id = await given(exclusive(a))
        const before = await bench.journal(id)
        const refusal = new DomainError('conflict', 'test.refused', 'No.')
        const finishing = operations.finish(id, async (within) => {
          await bench.write(a, within)
          throw refusal
        })
        await expect(finishing).rejects.toBe(refusal)
        expect(await bench.isWritten(a)).toBe(false)
        expect(await held(exclusive(a))).toEqual([exclusive(a)])
        expect(await bench.journal(id)).toEqual(before)
      })

      it('can be tried again after a write that threw, or given up', async () => {
        const [again, givenUp] = [await given(exclusive(a)), await given(exclusive(b))]
        for (const id of [again, givenUp])
          await expect(operations.finish(id, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
        await operations.finish(again, (within) => bench.write(a, within))
        await operations.abandon(givenUp, 'no')
        expect([await state(again), await state(givenUp)]).toEqual(['done', 'abandoned'])
        expect(await held(exclusive(a), exclusive(b))).toEqual([])
      })

      it('leaves the claims of others alone', async () => {
        const [id] = [await given(exclusive(a), shared(c)), await given(exclusive(b), shared(c))]
        await operations.finish(id, () => Promise.resolve())
        expect(await held(exclusive(a), exclusive(b))).toEqual([exclusive(b)])
        expect(await held(exclusive(c))).toEqual([exclusive(c)])
      })
    })

    describe('abandon', () => {
      it('says why, and lets the claims go', async () => {
        const id = await given(exclusive(a), shared(b))
        await operations.abandon(id, `user.name_taken: "it's" taken`)
        expect(await bench.journal(id)).toMatchObject({ state: 'abandoned', reason: `user.name_taken: "it's" taken` })
        expect(await held(exclusive(a), exclusive(b))).toEqual([])
      })

      it('leaves the claims of others alone', async () => {
        const [id] = [await given(shared(a)), await given(shared(a))]
        await operations.abandon(id, 'enough')
        expect(await held(exclusive(a))).toEqual([exclusive(a)])
      })
    })

    it('is finished once its end took effect, and not before', async () => {
      const id = await given(exclusive(a))
      expect(await operations.isFinished(id)).toBe(false)
      await operations.finish(id, () => Promise.resolve())
      expect(await operations.isFinished(id)).toBe(true)
    })

    describe('an unfinished operation', () => {
      it('says why, and keeps its claims', async () => {
        const id = await given(exclusive(a), shared(b))
        await operations.leaveUnfinished(id, 'service.unavailable: Gone.')
        expect(await bench.journal(id)).toMatchObject({ state: 'unfinished', reason: 'service.unavailable: Gone.' })
        expect(await held(exclusive(a), exclusive(b))).toEqual([exclusive(a), exclusive(b)])
        expect(await held(shared(b))).toEqual([])
      })

      it('keeps its claims until it is settled, however long that takes', async () => {
        const id = await given(exclusive(a))
        await operations.leaveUnfinished(id, 'gone')
        await bench.expireLease(id)
        expect(await held(exclusive(a))).toEqual([exclusive(a)])
      })

      it('can be settled either way', async () => {
        const [forward, back] = [await given(exclusive(a)), await given(exclusive(b))]
        for (const id of [forward, back]) await operations.leaveUnfinished(id, 'gone')
        await operations.finish(forward, (within) => bench.write(a, within))
        await operations.abandon(back, 'undone')
        expect([await state(forward), await state(back)]).toEqual(['done', 'abandoned'])
        expect(await held(exclusive(a), exclusive(b))).toEqual([])
      })
    })

    describe('an operation whose lease has run out', () => {
      it('holds no claim any more', async () => {
        const id = await given(exclusive(a), shared(b))
        await bench.expireLease(id)
        expect(await held(exclusive(a), exclusive(b))).toEqual([])
      })

      it('is not in the way of one that holds the same key since', async () => {
        await bench.expireLease(await given(exclusive(a)))
        await given(exclusive(a))
        expect(await held(exclusive(a))).toEqual([exclusive(a)])
        expect(await held(shared(a))).toEqual([shared(a)])
      })

      it('lets go of nothing but its own when it ends after all', async () => {
        const [abandoned, finished] = [await given(exclusive(a)), await given(exclusive(b))]
        for (const id of [abandoned, finished]) await bench.expireLease(id)
        await given(exclusive(a), exclusive(b))
        await operations.abandon(abandoned, 'late')
        await operations.finish(finished, () => Promise.resolve())
        expect(await held(exclusive(a), exclusive(b))).toEqual([exclusive(a), exclusive(b)])
      })

      it('is followed by exactly one of eight that begin at once', async () => {
        await bench.expireLease(await given(exclusive(a)))
        const answers = await Promise.all(Array.from({ length: 8 }, () => operations.begin(entry([exclusive(a)]))))
        expect(answers.filter((claims) => claims.length === 0)).toHaveLength(1)
      })
    })
  })
}
