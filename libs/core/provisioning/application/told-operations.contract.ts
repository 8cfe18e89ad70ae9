import { randomUUID } from 'node:crypto'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Actor } from '#kernel'
import type { AuditTrail, Change, RecordedEntry } from '#core/audit'
import { exclusive } from './claim.ts'
import type { OperationEntry, Operations, Turn } from './operations.ts'

export interface ToldOperationsBench {
  readonly operations: Operations
  readonly trail: AuditTrail
  /** Makes an operation's lease run out now. */
  expireLease(id: string): Promise<void>
  /** Makes the storage refuse every entry of the audit trail while the work is done. */
  withoutTrail(work: () => Promise<void>): Promise<void>
}

const origin = { address: '192.0.2.7', requestId: 'request' }
const actor: Actor = { subject: 'somebody', name: 'Some Body', role: 'kitter-admin', origin }
const change: Change = { before: { enabled: true }, after: { enabled: false } }
const nothing = (): Promise<void> => Promise.resolve()

/** What the journal tells the audit trail: of every operation that has ended once what became of it. */
export function toldOperationsContract(name: string, setUp: () => Promise<ToldOperationsBench>): void {
  describe(`${name}: operations and the audit trail`, () => {
    let bench: ToldOperationsBench
    let operations: Operations
    let subject: string
    beforeAll(async () => {
      bench = await setUp()
      operations = bench.operations
    })
    beforeEach(() => {
      subject = randomUUID()
    })

    async function begun(fields: Partial<OperationEntry> = {}): Promise<Turn> {
      const id = randomUUID()
      await operations.begin({ id, kind: 'user.update', subject, actor, claims: [exclusive(subject)], ...fields })
      return { id, turn: 0 }
    }

    async function takenOver({ id }: Turn): Promise<Turn> {
      await bench.expireLease(id)
      const taken = (await operations.takeOver(100)).find((each) => each.id === id)
      if (taken === undefined) throw new Error('somebody else has it')
      return taken
    }

    async function told(about = subject): Promise<readonly RecordedEntry[]> {
      return (await bench.trail.list({ subject: about }, { max: 100, page: 0 })).entries
    }

    it('tells who did what, from where, with what before and after', async () => {
      const turn = await begun()
      expect(await told()).toEqual([])
      await operations.finish(turn, [], nothing, { change })
      const { role: _, ...who } = actor
      const expected = { actor: who, action: 'user.update', subject, outcome: 'done', operation: turn.id, ...change }
      expect(await told()).toMatchObject([expected])
    })

    it('tells as much as it knows', async () => {
      const { origin: _, ...without } = actor
      await operations.finish(await begun({ actor: without }), [], nothing)
      const [entry] = await told()
      expect([entry?.actor.origin, entry?.before, entry?.after]).toEqual([undefined, undefined, undefined])
    })

    it('tells the id of what was made under a name', async () => {
      const id = randomUUID()
      await operations.finish(await begun(), [], nothing, { change: { subject: id } })
      expect(await told()).toEqual([])
      expect(await told(id)).toHaveLength(1)
    })

    it('leaves what its caller is told to whoever tells it', async () => {
      await operations.abandon(await begun(), [], 'user.name_taken: Taken.')
      expect(await told()).toEqual([])
    })

    it('tells who asked also of what another has finished or undone', async () => {
      await operations.finish(await takenOver(await begun()), [], nothing, { change })
      await operations.abandon(await takenOver(await begun()), [], 'it was left')
      expect(await told()).toMatchObject([
        { outcome: 'undone', actor: { subject: 'somebody', name: 'Some Body', origin } },
        { outcome: 'done', actor: { subject: 'somebody', name: 'Some Body', origin }, ...change },
      ])
    })

    it('tells nothing of what is not settled', async () => {
      const turn = await begun()
      await operations.note(turn, { state: {}, steps: [] }, {})
      await operations.postpone(
        turn,
        { state: {}, steps: [] },
        { settling: 'undo', reason: 'no', seconds: 60, stuck: true },
      )
      expect(await told()).toEqual([])
    })

    it('tells of what was stuck when its subject is gone', async () => {
      const stuck = await begun()
      await operations.postpone(
        stuck,
        { state: {}, steps: [] },
        { settling: 'undo', reason: 'no', seconds: 60, stuck: true },
      )
      const removal = await begun({ kind: 'user.delete', removesSubject: true })
      await operations.finish(removal, [], nothing)
      const entries = await told()
      const expected = [
        ['done', removal.id, 'user.delete'],
        ['undone', stuck.id, 'user.update'],
      ]
      expect(entries.map(({ outcome, operation, action }) => [outcome, operation, action]).toSorted()).toEqual(expected)
    })

    it('tells nothing of a turn that is over', async () => {
      const turn = await begun()
      const later = await takenOver(turn)
      await expect(operations.finish(turn, [], nothing, { change })).rejects.toThrow()
      expect(await told()).toEqual([])
      await operations.abandon(later, [], 'it was left')
      await expect(operations.abandon(later, [], 'again')).rejects.toThrow()
      expect(await told()).toHaveLength(1)
    })

    it('changes nothing that it cannot tell', async () => {
      const [finishing, leaving] = [await begun(), await begun({ claims: [] })]
      const left = await takenOver(leaving)
      await bench.withoutTrail(async () => {
        await expect(operations.finish(finishing, [], nothing, { change })).rejects.toThrow()
        await expect(operations.abandon(left, [], 'it was left')).rejects.toThrow()
      })
      expect(await operations.isFinished(finishing.id)).toBe(false)
      expect(await told()).toEqual([])
      await operations.finish(finishing, [], nothing, { change })
      await operations.abandon(left, [], 'it was left')
      expect(await told()).toHaveLength(2)
    })

    it('tells nothing that is not changed', async () => {
      const failing = operations.finish(await begun(), [], () => Promise.reject(new Error('no')), { change })
      await expect(failing).rejects.toThrow('no')
      expect(await told()).toEqual([])
    })
  })
}
