import { randomUUID } from 'node:crypto'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Page } from '#kernel'
import { type AuditEntry, auditOutcomes, type RecordedEntry } from './audit-entry.ts'
import type { AuditFilter, AuditTrail } from './audit-trail.ts'

export interface AuditTrailBench {
  readonly trail: AuditTrail
  /** Makes the time of this subject's entries be over: they have been kept for as long as was promised. */
  endTimeOf(subject: string): Promise<void>
}

const onePage: Page = { max: 1000, page: 0 }

export function auditTrailContract(name: string, setUp: () => Promise<AuditTrailBench>): void {
  describe(`${name}: audit trail`, () => {
    let bench: AuditTrailBench
    let trail: AuditTrail
    /** That no other test has. */
    let actor: AuditEntry['actor']
    let subject: string
    beforeAll(async () => {
      bench = await setUp()
      trail = bench.trail
    })
    beforeEach(() => {
      const id = randomUUID()
      actor = { subject: `sub-${id}`, name: `name-${id}` }
      subject = randomUUID()
    })

    const entry = (fields: Partial<AuditEntry> = {}): AuditEntry => ({
      ...{ actor, action: 'user.update', subject, outcome: 'done' },
      ...fields,
    })

    async function listed(filter: AuditFilter, page = onePage): Promise<readonly RecordedEntry[]> {
      return (await trail.list(filter, page)).entries
    }

    it('keeps all that it is told', async () => {
      const full: AuditEntry = {
        actor: { subject: `sö'me"\\`, name: 'Söme Body', origin: { address: '2001:db8::1', requestId: 'a:b.c-d_e' } },
        action: 'user.update',
        subject,
        outcome: 'refused',
        code: 'user.name_taken',
        operation: randomUUID(),
        before: { first_name: "O'Brien 🙂", attributes: { a: ['1', '{}'], b: [] }, enabled: true, parent: null },
        after: { list: [1, null, 'x'] },
      }
      await trail.add(full)
      const [recorded] = await listed({ subject })
      expect(recorded).toEqual({ ...full, id: recorded?.id, at: recorded?.at })
      expect(Math.abs(Date.now() - Number(recorded?.at))).toBeLessThan(10_000)
    })

    it('keeps as little as it is told', async () => {
      await trail.add({ actor, action: 'realm.logout', outcome: 'done' })
      const [recorded] = await listed({ actor: actor.subject })
      expect(recorded).toMatchObject({ actor, action: 'realm.logout', outcome: 'done' })
      for (const key of ['subject', 'code', 'operation', 'before', 'after'] as const)
        expect(recorded?.[key]).toBeUndefined()
    })

    it.each(auditOutcomes)('knows the outcome %s', async (outcome) => {
      await trail.add(entry({ outcome }))
      expect(await listed({ subject })).toMatchObject([{ outcome }])
    })

    it('lists what is new first, page by page, always in the same order', async () => {
      for (let count = 0; count < 7; count++) await trail.add(entry({ action: `action-${count}` }))
      const all = (await listed({ subject })).map(({ action }) => action)
      expect(all).toEqual([6, 5, 4, 3, 2, 1, 0].map((count) => `action-${count}`))
      const pages = await Promise.all([0, 1, 2, 3].map((page) => trail.list({ subject }, { max: 3, page })))
      expect(pages.flatMap(({ entries }) => entries.map(({ action }) => action))).toEqual(all)
      expect(pages.map(({ total }) => total)).toEqual([7, 7, 7, 7])
      expect(new Set((await listed({ subject })).map(({ id }) => id)).size).toBe(7)
    })

    it('finds what somebody did by id or name, exactly', async () => {
      await trail.add(entry())
      await trail.add(entry({ actor: { subject: `${actor.subject}x`, name: `${actor.name}x` } }))
      for (const wanted of [actor.subject, actor.name]) expect(await listed({ actor: wanted })).toHaveLength(1)
      for (const wanted of [actor.name.toUpperCase(), actor.name.slice(1), '%', '']) {
        expect((await listed({ actor: wanted })).filter((found) => found.subject === subject)).toEqual([])
      }
    })

    it('finds what was done to something, exactly', async () => {
      await trail.add(entry())
      await trail.add(entry({ subject: `${subject}x` }))
      expect(await trail.list({ subject }, onePage)).toMatchObject({ entries: [{ subject }], total: 1 })
    })

    it('finds what was done from a time on', async () => {
      await trail.add(entry())
      const [recorded] = await listed({ subject })
      const at = recorded?.at.getTime() ?? 0
      expect(await listed({ subject, since: new Date(at) })).toHaveLength(1)
      expect(await listed({ subject, since: new Date(at + 1) })).toHaveLength(0)
    })

    it('keeps to what one actor did, by id alone, whatever else is asked', async () => {
      await trail.add(entry())
      await trail.add(entry({ actor: { subject: randomUUID(), name: actor.subject } }))
      const doneBy = actor.subject
      expect(await trail.list({ doneBy, subject }, onePage)).toMatchObject({ entries: [{ actor }], total: 1 })
      expect(await trail.list({ doneBy: 'somebody else', actor: actor.subject }, onePage)).toEqual({
        entries: [],
        total: 0,
      })
    })

    it('forgets what has been kept for as long as was promised, and nothing else', async () => {
      await trail.add(entry())
      const other = randomUUID()
      await trail.add(entry({ subject: other }))
      await bench.endTimeOf(subject)
      let forgotten = 0
      for (let some = await trail.forgetSome(); some > 0; some = await trail.forgetSome()) forgotten += some
      expect(forgotten).toBe(1)
      expect(await listed({ subject })).toEqual([])
      expect(await listed({ subject: other })).toHaveLength(1)
    })
  })
}
