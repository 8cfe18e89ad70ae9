import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { type DomainName, domainName } from '#core/domains'
import { type UserName, userName } from '../domain/user-name.ts'
import type { CommunicationsUser, CommunicationsUsers, KnownCommunicationsUser } from './communications-users.ts'

export interface CommunicationsUsersBench {
  readonly users: CommunicationsUsers
  /** Domains that are there, the last one for many users. */
  readonly domains: readonly [DomainName, DomainName, DomainName]
  /** The record of a user as wac-core keeps it. */
  record(id: string): Promise<Readonly<Record<string, unknown>>>
  /** What somebody else changes of the record at wac-core. */
  alter(id: string, fields: Readonly<Record<string, unknown>>): Promise<void>
  /** The SIP usernames of a user. */
  sipUserNamesOf(id: string): Promise<readonly string[]>
}

const missing = 'ffffffffffffffffffffffff'

function parsed<Name>(name: Name | undefined): Name {
  if (name === undefined) throw new Error('no name')
  return name
}

function newName(prefix = 'user'): UserName {
  return parsed(userName(`${prefix}-${randomUUID()}`))
}

export function communicationsUsersContract(name: string, setUp: () => Promise<CommunicationsUsersBench>): void {
  describe(`${name}: communications users`, () => {
    let bench: CommunicationsUsersBench
    let users: CommunicationsUsers
    beforeAll(async () => {
      bench = await setUp()
      users = bench.users
    })

    function newUser(fields: Partial<CommunicationsUser> = {}): CommunicationsUser {
      return { externalId: randomUUID(), domain: bench.domains[0], username: newName(), ...fields }
    }

    async function given(
      fields: Partial<CommunicationsUser> = {},
    ): Promise<CommunicationsUser & { readonly id: string }> {
      const user = newUser(fields)
      return { ...user, id: await users.create(user) }
    }

    let crowding: Promise<string[]> | undefined
    /** The ids of more users than come at a time, which stay as they are. */
    const crowd = (): Promise<string[]> => (crowding ??= makeCrowd())
    async function makeCrowd(): Promise<string[]> {
      const ids: string[] = []
      const work = Array.from({ length: 8 }, async () => {
        for (let made = 0; made < 150; made++) ids.push(await users.create(newUser({ domain: bench.domains[2] })))
      })
      await Promise.all(work)
      return ids
    }

    const newSipUserName = (): string => `sip-${randomUUID()}`
    const withPassword = (username: string): { username: string; password: string } => ({
      username,
      password: 'secret',
    })

    describe('users', () => {
      it('gives a user an id and keeps all of it', async () => {
        const user = newUser({
          username: parsed(userName(`ñandú-محمد-'-${randomUUID()}`)),
          displayName: 'مُحَمَّد 👩‍👩‍👧 <"\\%_>',
          email: 'John.Doe@Example.com',
          phoneNumber: '577.401.1737 x5071',
        })
        const id = await users.create(user)
        expect(id).toMatch(/^[0-9a-f]{24}$/)
        expect(await users.find(id)).toEqual(user)
      })

      it('keeps what is absent absent', async () => {
        const { id } = await given()
        expect(await users.find(id)).toMatchObject({ displayName: undefined, email: undefined, phoneNumber: undefined })
      })

      it('refuses a username in use in its domain, and only there', async () => {
        const { username } = await given()
        await expect(users.create(newUser({ username }))).rejects.toMatchObject({ code: 'user.name_taken' })
        await given({ username, domain: bench.domains[1] })
      })

      it('lets exactly one of eight that race for a username have it', async () => {
        const username = newName('raced')
        const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => users.create(newUser({ username }))))
        expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
        for (const outcome of outcomes) {
          if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'user.name_taken' })
        }
      })

      it('refuses a user in a domain that is not there', async () => {
        const domain = parsed(domainName(`nowhere-${randomUUID()}`))
        await expect(users.create(newUser({ domain }))).rejects.toMatchObject({ kind: 'invalid' })
        const { id, ...user } = await given()
        await expect(users.replace(id, { ...user, domain })).rejects.toMatchObject({ kind: 'invalid' })
        expect(await users.find(id)).toMatchObject(user)
      })

      it('finds no user that is not there', async () => {
        expect(await users.find(missing)).toBeUndefined()
        expect(await users.findByName(bench.domains[0], newName('nobody'))).toBeUndefined()
      })

      it('finds the user of a name, in its domain, with its id', async () => {
        const { id, ...user } = await given({
          username: parsed(userName(`ñandú-محمد-'-${randomUUID()}`)),
          displayName: 'A & B',
        })
        expect(await users.findByName(user.domain, user.username)).toEqual({ id, user })
        expect(await users.findByName(bench.domains[1], user.username)).toBeUndefined()
        const other = await given({ username: user.username, domain: bench.domains[1] })
        expect((await users.findByName(bench.domains[1], user.username))?.id).toBe(other.id)
        await users.remove(id)
        expect(await users.findByName(user.domain, user.username)).toBeUndefined()
      })

      it('takes a name as a whole, and wildcards for what they are', async () => {
        const username = parsed(userName(`a_b-${randomUUID()}`))
        await given({ username: parsed(userName(username.replace('_', 'x'))) })
        expect(await users.findByName(bench.domains[0], username)).toBeUndefined()
        const { id } = await given({ username })
        expect((await users.findByName(bench.domains[0], username))?.id).toBe(id)
        expect(await users.findByName(bench.domains[0], parsed(userName(username.slice(0, -1))))).toBeUndefined()
      })

      it('replaces what kitter knows and gives back how it was', async () => {
        const { id, ...before } = await given({ displayName: 'Before', email: 'before@example.com', phoneNumber: '1' })
        const after = newUser({
          externalId: before.externalId,
          domain: bench.domains[1],
          displayName: 'After',
          phoneNumber: '2',
        })
        expect(await users.replace(id, after)).toEqual(before)
        expect(await users.find(id)).toEqual({ ...after, email: undefined })
        await users.replace(id, before)
        expect(await users.find(id)).toEqual(before)
      })

      it('keeps what kitter does not know', async () => {
        const { id, ...user } = await given({ phoneNumber: '1' })
        const foreign = { role: 'admin', capabilities: ['a', 'b'], currentTimezone: 'Europe/Madrid', locale: 'es-ES' }
        await bench.alter(id, foreign)
        await users.replace(id, { ...user, displayName: 'After' })
        expect(await bench.record(id)).toMatchObject({ ...foreign, displayName: 'After' })
      })

      it('keeps the further phone numbers, also through a change that is taken back', async () => {
        const { id, ...user } = await given({ phoneNumber: '1' })
        await bench.alter(id, { mobilePhone: ['1', '2', '3'] })
        await users.replace(id, { ...user, phoneNumber: '4' })
        expect(await bench.record(id)).toMatchObject({ mobilePhone: ['4', '2', '3'] })
        const before = await users.replace(id, { ...user, phoneNumber: undefined })
        expect((await users.find(id))?.phoneNumber).toBeUndefined()
        await users.replace(id, before)
        expect(await bench.record(id)).toMatchObject({ mobilePhone: ['4', '2', '3'] })
      })

      it('refuses to take a name that another has, and leaves the user as it was', async () => {
        const other = await given()
        const { id, ...user } = await given({ displayName: 'Before' })
        const renaming = users.replace(id, { ...user, username: other.username, displayName: 'After' })
        await expect(renaming).rejects.toMatchObject({ code: 'user.name_taken' })
        expect(await users.find(id)).toMatchObject(user)
      })

      it('removes a user and frees its name', async () => {
        const { id, username } = await given()
        await users.remove(id)
        expect(await users.find(id)).toBeUndefined()
        await given({ username })
      })

      it('refuses to change or remove a user that is not there', async () => {
        await expect(users.replace(missing, newUser())).rejects.toMatchObject({ code: 'user.unknown' })
        await expect(users.remove(missing)).rejects.toMatchObject({ code: 'user.unknown' })
      })
    })

    describe('users that others made or changed', () => {
      const foreign = { username: 'Made By Hand!', displayName: 'Hand', externalId: undefined }

      it('are shown as they are, and can be changed and changed back', async () => {
        const { id, domain, ...user } = await given()
        const username = `Made By Hand! ${id}`
        await bench.alter(id, { ...foreign, username })
        const shown = { ...foreign, domain, username, email: undefined, phoneNumber: undefined }
        expect(await users.find(id)).toEqual(shown)
        expect(await users.findByName(domain, username)).toEqual({ id, user: shown })
        expect(await users.replace(id, { ...user, domain })).toEqual(shown)
        expect(await users.find(id)).toMatchObject({ ...user, domain })
        await users.replace(id, shown)
        expect(await users.find(id)).toEqual(shown)
        expect((await bench.record(id))['externalId']).toBeUndefined()
      })

      it('have no external id where it is empty', async () => {
        const { id } = await given()
        await bench.alter(id, { externalId: '' })
        expect((await users.find(id))?.externalId).toBeUndefined()
      })
    })

    describe('scan', () => {
      async function scanned(domain?: DomainName): Promise<KnownCommunicationsUser[]> {
        const found: KnownCommunicationsUser[] = []
        for await (const some of users.scan(domain)) found.push(...some)
        return found
      }

      it('shows every user once, as find does', async () => {
        const one = await given({ displayName: 'مُحَمَّد 👩‍👩‍👧 <"\\%_>', phoneNumber: '1' })
        const other = await given({ domain: bench.domains[1] })
        const found = await scanned()
        for (const { id } of [one, other]) {
          expect(found.filter((each) => each.id === id)).toEqual([{ id, user: await users.find(id) }])
        }
        expect(new Set(found.map(({ id }) => id)).size).toBe(found.length)
      })

      it('shows the users of one domain only', async () => {
        const [here, there] = [await given(), await given({ domain: bench.domains[1] })]
        const found = await scanned(bench.domains[1])
        expect(found.map(({ id }) => id)).toContain(there.id)
        expect(found.map(({ id }) => id)).not.toContain(here.id)
        expect(new Set(found.map(({ user }) => user.domain))).toEqual(new Set([bench.domains[1]]))
        expect(await scanned(parsed(domainName(`nowhere-${randomUUID()}`)))).toEqual([])
      })

      it('shows what others made, without an external id and with names that kitter can not use', async () => {
        const { id, domain } = await given()
        const username = `Made By Hand! ${id}`
        await bench.alter(id, { username, externalId: undefined })
        const found = (await scanned()).find((each) => each.id === id)
        expect(found?.user).toMatchObject({ domain, username, externalId: undefined })
        await users.remove(id)
      })

      it('shows some at a time, and can be left early', async () => {
        const ids = await crowd()
        const pages: string[][] = []
        for await (const some of users.scan(bench.domains[2])) pages.push(some.map(({ id }) => id))
        expect(pages.length).toBeGreaterThan(1)
        expect(pages.flat()).toEqual(expect.arrayContaining(ids))
        for await (const some of users.scan(bench.domains[2])) {
          expect(some.length).toBeLessThan(ids.length)
          break
        }
        expect(await users.find(missing)).toBeUndefined()
      })

      it('shows all that stay, while others come, change and go', async () => {
        const ids = await crowd()
        const own = await Promise.all(Array.from({ length: 3 }, () => given({ domain: bench.domains[2] })))
        const seen: string[] = []
        for await (const some of users.scan(bench.domains[2])) {
          seen.push(...some.map(({ id }) => id))
          const { id, ...user } = own.pop() ?? (await given({ domain: bench.domains[2] }))
          await users.replace(id, { ...user, displayName: 'After' })
          await users.remove(id)
        }
        expect(seen).toEqual(expect.arrayContaining(ids))
        expect(new Set(seen).size).toBe(seen.length)
      })
    })

    describe('SIP mappings', () => {
      it('gives a user a SIP username', async () => {
        const { id } = await given()
        const sipUserName = newSipUserName()
        expect(await users.map(id, withPassword(sipUserName))).toMatch(/^[0-9a-f]{24}$/)
        expect(await bench.sipUserNamesOf(id)).toEqual([sipUserName])
      })

      it('refuses a SIP username that somebody has, in whatever domain', async () => {
        const sipUserName = newSipUserName()
        await users.map((await given()).id, withPassword(sipUserName))
        const { id } = await given({ domain: bench.domains[1] })
        const mapping = users.map(id, withPassword(sipUserName))
        await expect(mapping).rejects.toMatchObject({ code: 'user.sip_mapping_taken' })
        expect(await bench.sipUserNamesOf(id)).toEqual([])
      })

      it('lets exactly one of eight that race for a SIP username have it', async () => {
        const sipUserName = newSipUserName()
        const owners = await Promise.all(Array.from({ length: 8 }, () => given()))
        const outcomes = await Promise.allSettled(owners.map(({ id }) => users.map(id, withPassword(sipUserName))))
        expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
        for (const outcome of outcomes) {
          if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'user.sip_mapping_taken' })
        }
      })

      it('takes it back', async () => {
        const { id } = await given()
        const sipUserName = newSipUserName()
        await users.unmap(await users.map(id, withPassword(sipUserName)))
        expect(await bench.sipUserNamesOf(id)).toEqual([])
        await users.map((await given()).id, withPassword(sipUserName))
      })

      it('has nothing to take back where it is gone already', async () => {
        const { id } = await given()
        const mappingId = await users.map(id, withPassword(newSipUserName()))
        await users.unmap(mappingId)
        await users.unmap(mappingId)
      })

      it('goes with its user', async () => {
        const { id } = await given()
        const sipUserName = newSipUserName()
        await users.map(id, withPassword(sipUserName))
        await users.remove(id)
        expect(await bench.sipUserNamesOf(id)).toEqual([])
        await users.map((await given()).id, withPassword(sipUserName))
      })

      it('refuses a user that is not there', async () => {
        await expect(users.map(missing, withPassword(newSipUserName()))).rejects.toMatchObject({ code: 'user.unknown' })
      })

      it('leaves nothing behind when a user goes while it is mapped', async () => {
        for (let round = 0; round < 10; round++) {
          const { id } = await given()
          const sipUserName = newSipUserName()
          await Promise.allSettled([users.map(id, withPassword(sipUserName)), users.remove(id)])
          expect(await users.find(id)).toBeUndefined()
          await users.map((await given()).id, withPassword(sipUserName))
        }
      })
    })
  })
}
