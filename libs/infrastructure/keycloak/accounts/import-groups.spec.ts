import { randomUUID } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { DomainError, isOutcomeUnknown, outcomeUnknown, systemUnavailable } from '#kernel'
import { type Fate, ImaginedImporter, notFit } from './imagined-importer.fixture.ts'
import { ImportGroups } from './import-groups.ts'
import type { NewUser } from './importer.ts'

const longMs = 60_000

function newUser(fields: Partial<NewUser> = {}): NewUser {
  const id = randomUUID()
  return { id, username: `user-${id}`, ...fields }
}

function newUsers(count: number): NewUser[] {
  return Array.from({ length: count }, (_, index) => newUser({ username: `user-${String(index).padStart(3, '0')}` }))
}

function wordFor(error: unknown): string {
  if (isOutcomeUnknown(error)) return 'unknown'
  return error instanceof DomainError ? error.code : String(error)
}

/** What each came to: `done`, `unknown`, or the code of its refusal. */
async function answersOf(creating: readonly Promise<void>[]): Promise<string[]> {
  return Promise.all(creating.map((one) => one.then(() => 'done', wordFor)))
}

describe('Users that are created in groups', () => {
  let importer: ImaginedImporter
  let groups: ImportGroups
  beforeEach(() => {
    importer = new ImaginedImporter()
    groups = new ImportGroups(importer, longMs)
  })

  const sizes = () => importer.sent.map(({ length }) => length)

  it('go at once where nobody is before them', async () => {
    const creating = groups.create(newUser())
    await Promise.resolve()
    expect(sizes()).toEqual([1])
    await creating
    await groups.create(newUser())
    expect(sizes()).toEqual([1, 1])
  })

  it('go together where two groups are on their way, in the order of their names, at most 32', async () => {
    const creating: Promise<void>[] = []
    for (const username of ['first', 'second']) {
      creating.push(groups.create(newUser({ username, lastName: 'slow' })))
      await nextTurn()
    }
    for (const user of newUsers(70).toReversed()) {
      creating.push(groups.create(user))
      await Promise.resolve()
    }
    expect(await answersOf(creating)).toEqual(creating.map(() => 'done'))
    expect(sizes()).toEqual([1, 1, 32, 32, 6])
    for (const names of importer.sent) expect(names).toEqual(names.toSorted())
    expect(importer.mostAtOnce).toBe(2)
    expect(importer.there.size).toBe(72)
  })

  it('are not kept waiting by a slow group beside the one that they go with', async () => {
    const slow = groups.create(newUser({ lastName: 'slow' }))
    let isSlowDone = false
    void slow.then(() => (isSlowDone = true))
    await nextTurn()
    for (let turn = 0; turn < 3; turn++) await groups.create(newUser())
    expect(isSlowDone).toBe(false)
    await slow
  })

  it('suffer little from one whom Keycloak calls by name', async () => {
    importer.there.set('foreign', { id: 'foreign', username: 'user-020' })
    const answers = await answersOf(newUsers(32).map((user) => groups.create(user)))
    expect(answers.filter((answer) => answer !== 'done')).toEqual(['user.name_taken'])
    expect(sizes()).toEqual([32, 31])
  })

  it('suffer little from one whom Keycloak does not name', async () => {
    const users = newUsers(32).map((user, index) => (index === 20 ? { ...user, lastName: 'not fit' } : user))
    const answers = await answersOf(users.map((user) => groups.create(user)))
    expect(answers.filter((answer) => answer !== 'done')).toEqual([notFit.code])
    expect(answers[20]).toBe(notFit.code)
    expect(sizes().length).toBe(1 + 2 * Math.log2(32))
  })

  it('are not overtaken, where they go with a bad one, by all who came after them', async () => {
    const users = newUsers(352).map((user, index) => (index === 20 ? { ...user, lastName: 'not fit' } : user))
    const ended: number[] = []
    const creating = users.map((user, index) =>
      groups
        .create(user)
        .catch(() => undefined)
        .finally(() => ended.push(index)),
    )
    await Promise.all(creating)
    const last = Math.max(...users.slice(0, 32).map((_, index) => ended.indexOf(index)))
    // they go while Keycloak is asked whether it is well, and beside a part that is alone
    expect(ended.slice(0, last).filter((index) => index >= 32).length).toBeLessThanOrEqual(4 * 32)
  })

  it('are not divided where Keycloak fails at everything', async () => {
    importer.isFine = false
    const users = newUsers(32).map((user) => ({ ...user, lastName: 'not fit' }))
    expect(await answersOf(users.map((user) => groups.create(user)))).toEqual(users.map(() => notFit.code))
    expect(sizes()).toEqual([32])
  })

  it('learn of a mistake in kitter itself also while they are divided', async () => {
    importer.isWell = () => Promise.reject(new Error('a mistake'))
    const users = newUsers(4).map((user) => ({ ...user, lastName: 'not fit' }))
    expect(await answersOf(users.map((user) => groups.create(user)))).toEqual(users.map(() => 'Error: a mistake'))
    await groups.create(newUser())
  })

  const natures = ['good', 'slow', 'not fit', 'taken name', 'taken address', 'raced for'] as const
  const people = fc.array(fc.record({ nature: fc.constantFrom(...natures), turn: fc.nat(30) }), { maxLength: 80 })
  const fates = fc.array(fc.constantFrom<Fate>('arrives', 'is answered in vain', 'is lost'), { maxLength: 40 })

  it('learn each what they would learn alone, whoever comes with them and whatever gets lost', async () => {
    await fc.assert(
      fc.asyncProperty(people, fates, fc.boolean(), async (persons, lost, tellsGuilty) => {
        const imagined = new ImaginedImporter()
        imagined.fates.push(...lost)
        imagined.tellsGuilty = tellsGuilty
        imagined.there.set('foreign', { id: 'foreign', username: 'taken', email: 'taken@example.com' })
        const tested = new ImportGroups(imagined, longMs)
        const users = persons.map(({ nature }) => newUser(fieldsOf(nature)))
        const creating = users.map(async (user, index) => {
          for (let turn = persons[index]?.turn ?? 0; turn > 0; turn--) await nextTurn()
          await tested.create(user)
        })
        const answers = await answersOf(creating)

        const winners = answers.filter((answer, index) => persons[index]?.nature === 'raced for' && answer === 'done')
        expect(winners).toHaveLength(persons.some(({ nature }) => nature === 'raced for') ? 1 : 0)
        persons.forEach(({ nature }, index) => expect(alone[nature]).toContain(answers[index]))
        const done = users.filter((_, index) => answers[index] === 'done').map(({ id }) => id)
        expect([...imagined.there.keys()].toSorted()).toEqual(['foreign', ...done].toSorted())
        expect(imagined.mostAtOnce).toBeLessThanOrEqual(2)
        for (const { length } of imagined.sent) expect(length).toBeLessThanOrEqual(32)
      }),
      { numRuns: 300 },
    )
  })

  it('are unknown each where nobody can tell what became of the group, unless they are seen', async () => {
    const users = newUsers(5)
    importer.importAll = () => {
      const [, , , seen] = users
      if (seen !== undefined) importer.there.set(seen.id, seen)
      return Promise.resolve({ error: outcomeUnknown('Keycloak'), mayBeThere: true, isOfOne: false })
    }
    const answers = await answersOf(users.map((user) => groups.create(user)))
    expect(answers).toEqual(['unknown', 'unknown', 'unknown', 'done', 'unknown'])
  })

  it('are unknown where nobody can look either, and keep nobody waiting meanwhile', async () => {
    const looking = Promise.withResolvers<boolean>()
    const importAll = importer.importAll.bind(importer)
    importer.importAll = () => Promise.resolve({ error: notFit, mayBeThere: true, isOfOne: true })
    importer.isThere = () => looking.promise
    const creating = newUsers(70).map((user) => groups.create(user))
    await nextTurn()
    importer.importAll = importAll
    await groups.create(newUser())
    looking.reject(systemUnavailable('Keycloak'))
    expect(await answersOf(creating)).toEqual(creating.map(() => 'unknown'))
  })

  it('are remembered as perhaps there when they are sent again in parts', async () => {
    const sendings: (readonly [number, boolean])[] = []
    importer.importAll = (users, wasSent) => {
      sendings.push([users.length, wasSent])
      return Promise.resolve({ error: notFit, mayBeThere: sendings.length === 1, isOfOne: true })
    }
    await answersOf(newUsers(4).map((user) => groups.create(user)))
    expect(sendings[0]).toEqual([4, false])
    expect(sendings.slice(1).map(([, wasSent]) => wasSent)).toEqual(Array.from({ length: 6 }, () => true))
  })

  it('are all refused for what is not about one of them, and not sent again', async () => {
    const away = systemUnavailable('Keycloak')
    let sendings = 0
    importer.importAll = () => {
      sendings++
      return Promise.resolve({ error: away, mayBeThere: false, isOfOne: false })
    }
    const answers = await answersOf(newUsers(10).map((user) => groups.create(user)))
    expect(answers).toEqual(Array.from({ length: 10 }, () => away.code))
    expect(sendings).toBe(1)
  })

  it('learn of a mistake in kitter itself, and the next are sent', async () => {
    const importAll = importer.importAll.bind(importer)
    importer.importAll = () => Promise.reject(new Error('a mistake'))
    expect(await answersOf(newUsers(4).map((user) => groups.create(user)))).toEqual(
      Array.from({ length: 4 }, () => 'Error: a mistake'),
    )
    importer.importAll = importAll
    await groups.create(newUser())
  })

  describe('while more are known to come', () => {
    let areMoreComing: boolean
    beforeEach(() => {
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
      areMoreComing = true
      groups = new ImportGroups(importer, longMs, () => areMoreComing)
    })
    afterEach(() => {
      vi.useRealTimers()
    })

    it('wait for them, but not long', async () => {
      const creating = [groups.create(newUser())]
      await vi.advanceTimersByTimeAsync(40)
      expect(sizes()).toEqual([])
      creating.push(groups.create(newUser()))
      await vi.advanceTimersByTimeAsync(20)
      expect(sizes()).toEqual([2])
      await Promise.all(creating)
      creating.push(groups.create(newUser()))
      await vi.advanceTimersByTimeAsync(59)
      expect(sizes()).toEqual([2])
      await vi.advanceTimersByTimeAsync(1)
      expect(sizes()).toEqual([2, 1])
      await Promise.all(creating)
    })

    it('go with the last of them', async () => {
      const creating = newUsers(3).map((user) => groups.create(user))
      await vi.advanceTimersByTimeAsync(10)
      areMoreComing = false
      creating.push(groups.create(newUser()))
      await vi.advanceTimersByTimeAsync(0)
      expect(sizes()).toEqual([4])
      await Promise.all(creating)
    })

    it('go at once where they are as many as go together', async () => {
      const creating = newUsers(33).map((user) => groups.create(user))
      await vi.advanceTimersByTimeAsync(0)
      expect(sizes()).toEqual([32])
      await vi.advanceTimersByTimeAsync(60)
      expect(sizes()).toEqual([32, 1])
      await Promise.all(creating)
    })
  })

  describe('where Keycloak hangs', () => {
    it('are told in time that there is no place, and never sent', async () => {
      const hanging = Promise.withResolvers<undefined>()
      const names: string[] = []
      importer.importAll = (users) => {
        names.push(...users.map(({ username }) => username))
        return hanging.promise
      }
      const hurried = new ImportGroups(importer, 40)
      const users = newUsers(70)
      const creating = users.map((user) => hurried.create(user))
      const [sent, others] = [creating.slice(0, 64), creating.slice(64)]
      expect(await answersOf(others)).toEqual(others.map(() => 'service.unavailable'))
      hanging.resolve(undefined)
      await Promise.all(sent)
      await hurried.create(newUser({ username: 'later' }))
      expect(names).toEqual([...users.slice(0, 64).map(({ username }) => username), 'later'])
    })

    describe('or is slow', () => {
      beforeEach(() => {
        vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
      })
      afterEach(() => {
        vi.useRealTimers()
      })

      /** One of 32 isn't fit, and nobody says which; a call may take 10 s. */
      async function withOneNotFit(callMs: number): Promise<{ readonly words: string[]; readonly tookMs: number }> {
        importer.importAll = async (users) => {
          await new Promise((resolve) => setTimeout(resolve, callMs))
          if (users.some(({ lastName }) => lastName === 'not fit'))
            return { error: notFit, mayBeThere: false, isOfOne: true }
          for (const user of users) importer.there.set(user.id, user)
          return undefined
        }
        const slow = new ImportGroups(importer, 10_000)
        const users = newUsers(32).map((user, index) => (index === 20 ? { ...user, lastName: 'not fit' } : user))
        const begun = performance.now()
        const all = answersOf(users.map((user) => slow.create(user)))
        const took = all.then(() => performance.now() - begun)
        await vi.advanceTimersByTimeAsync(60_000)
        return { words: await all, tookMs: await took }
      }

      it('are all there but the bad one, where it answers within a third of its time', async () => {
        const { words, tookMs } = await withOneNotFit(3200)
        expect(words).toEqual(words.map((_, index) => (index === 20 ? notFit.code : 'done')))
        expect(tookMs).toBeLessThan(20_000)
      })

      it('are told in time, where it is slower', async () => {
        const { words, tookMs } = await withOneNotFit(9000)
        expect(new Set(words)).toEqual(new Set(['done', 'service.unavailable']))
        expect(tookMs).toBeLessThan(30_000)
        expect(importer.there.size).toBe(words.filter((word) => word === 'done').length)
      })
    })

    it('are not divided for ever', async () => {
      let sendings = 0
      importer.importAll = async () => {
        sendings++
        await new Promise((resolve) => setTimeout(resolve, 15))
        return { error: notFit, mayBeThere: false, isOfOne: true }
      }
      const hurried = new ImportGroups(importer, 40)
      const answers = await answersOf(newUsers(32).map((user) => hurried.create(user)))
      expect(answers).toEqual(Array.from({ length: 32 }, () => 'service.unavailable'))
      expect(sendings).toBeLessThan(15)
    })
  })
})

const alone: Readonly<Record<string, readonly string[]>> = {
  good: ['done'],
  slow: ['done'],
  'not fit': [notFit.code, 'unknown'],
  'taken name': ['user.name_taken'],
  'taken address': ['user.email_taken'],
  'raced for': ['done', 'user.name_taken'],
}

function fieldsOf(nature: string): Partial<NewUser> {
  if (nature === 'taken name') return { username: 'taken' }
  if (nature === 'raced for') return { username: 'raced' }
  if (nature === 'taken address') return { email: 'taken@example.com' }
  return { lastName: nature }
}
