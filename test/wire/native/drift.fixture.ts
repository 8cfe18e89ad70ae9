import { randomUUID } from 'node:crypto'
import type { TestKitter } from '../../support/test-kitter.ts'
import type { DatabaseLook } from './database-look.fixture.ts'
import type { DifferenceShape } from './reconciliation-api.fixture.ts'

/** Somebody behind kitter's back. */
export class Meddler {
  constructor(
    readonly kitter: TestKitter,
    readonly look: DatabaseLook,
  ) {}

  /** A user that is there as a whole, with something in every field. */
  async whole(username: string, domain = 'quobis'): Promise<string> {
    const user = await this.kitter.createUser(username, {
      email: `${username}@Example.org`,
      first_name: 'First',
      last_name: 'Last',
      email_verified: true,
      attributes: { domain, phone_number: '+34 1', colour: ['red', 'blue'] },
      credentials: { password: 'correct horse' },
    })
    return user.id
  }

  async removeAtWacCore(id: string): Promise<void> {
    await this.look.rows("DELETE FROM sandbox.wac_users WHERE document ->> 'externalId' = $1", id)
  }

  async changeAtWacCore(id: string, change: Readonly<Record<string, unknown>>): Promise<void> {
    await this.look.rows(
      "UPDATE sandbox.wac_users SET document = document || $2 WHERE document ->> 'externalId' = $1",
      id,
      JSON.stringify(change),
    )
  }

  async addAtWacCore(document: Readonly<Record<string, unknown>>): Promise<string> {
    const id = randomUUID().replaceAll('-', '').slice(0, 24)
    const user = { domain: 'quobis', role: 'user', capabilities: [], mobilePhone: [], ...document }
    await this.look.rows('INSERT INTO sandbox.wac_users (id, document) VALUES ($1, $2)', id, JSON.stringify(user))
    return id
  }

  async forgetInKitter(id: string): Promise<void> {
    await this.look.rows('DELETE FROM kitter.users WHERE id = $1', id)
  }

  async changeInKitter(id: string, change: string): Promise<void> {
    await this.look.rows(`UPDATE kitter.users SET ${change} WHERE id = $1`, id)
  }
}

/** In how many places the user is. */
export interface Places {
  readonly keycloak: number
  readonly wacCore: number
  readonly kitter: number
}

export interface Drift {
  /** What somebody did. */
  readonly name: string
  /** Gives back the id under which it's told. */
  plant(meddler: Meddler, username: string): Promise<string>
  readonly told: Partial<DifferenceShape>
  /** Which fields differ. */
  readonly fields?: readonly string[]
  /** What comes of it when it's to be mended, and when what else there is was asked for, too. */
  readonly outcomes?: readonly ['left' | 'refused', 'mended' | 'left' | 'refused']
  readonly reason?: string
  /** Where the user is in the end. */
  readonly places: Places
  /** What `GET /users/{id}` shows then, besides. */
  readonly shows?: Readonly<Record<string, unknown>>
}

export const everywhere: Places = { keycloak: 1, wacCore: 1, kitter: 1 }
export const nowhere: Places = { keycloak: 0, wacCore: 0, kitter: 0 }

async function changedAccount(
  { look }: Meddler,
  id: string,
  change: Parameters<DatabaseLook['keycloak']['changeAccount']>[1],
): Promise<string> {
  await look.keycloak.changeAccount(id, change)
  return id
}

export const drifts: readonly Drift[] = [
  {
    name: 'the account was removed in Keycloak',
    plant: async (meddler, username) => {
      const id = await meddler.whole(username)
      await meddler.look.keycloak.removeAccount(username)
      return id
    },
    told: { missing_in: ['keycloak'], remedy: 'restore' },
    places: everywhere,
    shows: { enabled: false, first_name: 'First', attributes: { phone_number: '+34 1', colour: ['red', 'blue'] } },
  },
  {
    name: 'the user was removed at wac-core',
    plant: async (meddler, username) => {
      const id = await meddler.whole(username)
      await meddler.removeAtWacCore(id)
      return id
    },
    told: { missing_in: ['wac-core'], remedy: 'restore' },
    places: everywhere,
    shows: { enabled: true, attributes: { phone_number: '+34 1' } },
  },
  {
    name: 'kitter lost its row',
    plant: async (meddler, username) => {
      const id = await meddler.whole(username)
      await meddler.forgetInKitter(id)
      return id
    },
    told: { missing_in: ['kitter'], remedy: 'restore' },
    places: everywhere,
    shows: { enabled: true, email_verified: true, attributes: { phone_number: '+34 1', colour: ['red', 'blue'] } },
  },
  {
    name: 'only kitter still has it',
    plant: async (meddler, username) => {
      const id = await meddler.whole(username)
      await meddler.removeAtWacCore(id)
      await meddler.look.keycloak.removeAccount(username)
      return id
    },
    told: { missing_in: ['keycloak', 'wac-core'], remedy: 'restore' },
    places: everywhere,
    shows: { enabled: false },
  },
  {
    name: 'somebody made an account in Keycloak',
    plant: ({ look }, username) => look.keycloak.createAccount(username, `${username}@example.org`),
    told: { missing_in: ['wac-core', 'kitter'], remedy: 'adopt' },
    outcomes: ['left', 'mended'],
    places: everywhere,
    shows: { enabled: true, attributes: { domain: 'quobis' } },
  },
  {
    name: 'somebody made an account and a user, each of its own',
    plant: async (meddler, username) => {
      await meddler.addAtWacCore({ username, displayName: 'Other' })
      return meddler.look.keycloak.createAccount(username)
    },
    told: { missing_in: ['kitter'], remedy: 'adopt' },
    fields: ['external_id', 'first_name', 'domain'],
    outcomes: ['left', 'mended'],
    places: everywhere,
  },
  {
    name: 'only wac-core still has it',
    plant: async (meddler, username) => {
      const id = await meddler.whole(username)
      await meddler.look.keycloak.removeAccount(username)
      await meddler.forgetInKitter(id)
      return id
    },
    told: { missing_in: ['keycloak', 'kitter'], remedy: 'remove' },
    outcomes: ['left', 'mended'],
    places: nowhere,
  },
  {
    name: 'somebody changed the names in Keycloak',
    plant: async (meddler, username) =>
      changedAccount(meddler, await meddler.whole(username), { firstName: 'Other', lastName: '' }),
    told: { missing_in: [], remedy: 'align' },
    fields: ['first_name', 'last_name'],
    places: everywhere,
    shows: { first_name: 'Other' },
  },
  {
    name: 'somebody changed the address in Keycloak',
    plant: async (meddler, username) =>
      changedAccount(meddler, await meddler.whole(username), { email: `other-${username}@example.org` }),
    told: { remedy: 'align' },
    fields: ['email'],
    places: everywhere,
  },
  {
    name: 'somebody disabled the account',
    plant: async (meddler, username) => changedAccount(meddler, await meddler.whole(username), { enabled: false }),
    told: { remedy: 'align' },
    fields: ['enabled'],
    places: everywhere,
    shows: { enabled: false },
  },
  {
    name: 'somebody gave the account an attribute',
    plant: async (meddler, username) => {
      const id = await meddler.whole(username)
      await meddler.look.keycloak.giveAttribute(id, 'size', 'XL')
      return id
    },
    told: { remedy: 'align' },
    fields: ['attributes.size'],
    places: everywhere,
    shows: { attributes: { domain: 'quobis', phone_number: '+34 1', colour: ['red', 'blue'], size: 'XL' } },
  },
  {
    name: 'somebody moved the account to another domain, where it has rights',
    plant: async (meddler, username) => {
      const id = await meddler.whole(username)
      await meddler.look.keycloak.giveAttribute(id, 'domain', 'elsewhere.example')
      return id
    },
    told: { remedy: 'align' },
    fields: ['domain'],
    places: everywhere,
    shows: { attributes: { domain: 'quobis', phone_number: '+34 1', colour: ['red', 'blue'] } },
  },
  {
    name: 'somebody changed the phone number at wac-core',
    plant: async (meddler, username) => {
      const id = await meddler.whole(username)
      await meddler.changeAtWacCore(id, { mobilePhone: ['+34 2', '+34 3'] })
      return id
    },
    told: { remedy: 'align' },
    fields: ['phone_number'],
    places: everywhere,
    shows: { attributes: { domain: 'quobis', phone_number: '+34 2', colour: ['red', 'blue'] } },
  },
  {
    name: 'somebody moved the user at wac-core',
    plant: async (meddler, username) => {
      const id = await meddler.whole(username)
      await meddler.changeAtWacCore(id, { domain: 'moved.example' })
      return id
    },
    told: { remedy: 'align' },
    fields: ['domain'],
    places: everywhere,
    shows: { attributes: { domain: 'moved.example', phone_number: '+34 1', colour: ['red', 'blue'] } },
  },
  {
    name: 'somebody changed the name and address at wac-core',
    plant: async (meddler, username) => {
      const id = await meddler.whole(username)
      await meddler.changeAtWacCore(id, { displayName: 'Other', email: 'other@example.org' })
      return id
    },
    told: { remedy: 'align' },
    fields: ['email', 'first_name'],
    places: everywhere,
    shows: { first_name: 'First' },
  },
  {
    name: 'the user at wac-core has lost what links it',
    plant: async (meddler, username) => {
      const id = await meddler.whole(username)
      await meddler.changeAtWacCore(id, { externalId: '' })
      return id
    },
    told: { missing_in: [], remedy: 'align' },
    fields: ['external_id'],
    places: everywhere,
  },
  {
    name: 'the link of the user at wac-core leads nowhere',
    plant: async (meddler, username) => {
      const id = await meddler.whole(username)
      await meddler.changeAtWacCore(id, { externalId: randomUUID() })
      return id
    },
    told: { missing_in: [], remedy: 'align' },
    fields: ['external_id'],
    places: everywhere,
  },
  {
    name: "kitter's row remembers another id at wac-core",
    plant: async (meddler, username) => {
      const id = await meddler.whole(username)
      await meddler.changeInKitter(id, "communications_id = '0123456789abcdef01234567'")
      return id
    },
    told: { missing_in: [], remedy: 'align' },
    fields: ['communications_id'],
    places: everywhere,
  },
  {
    name: "kitter's row is of yesterday",
    plant: async (meddler, username) => {
      const id = await meddler.whole(username)
      await meddler.changeInKitter(id, `first_name = 'Old', enabled = false, attributes = '{"gone": ["1"]}'`)
      return id
    },
    told: { missing_in: [], remedy: 'align' },
    fields: ['attributes.colour', 'attributes.gone', 'enabled', 'first_name'],
    places: everywhere,
    shows: {
      enabled: true,
      first_name: 'First',
      attributes: { domain: 'quobis', phone_number: '+34 1', colour: ['red', 'blue'] },
    },
  },
  {
    name: 'somebody renamed the account in Keycloak',
    plant: async (meddler, username) => {
      const id = await meddler.whole(`old-${username}`)
      await meddler.look.keycloak.changeAccount(id, { loginName: username })
      return id
    },
    told: { remedy: 'align' },
    fields: ['username'],
    places: everywhere,
  },
  {
    name: 'somebody made the account a name that kitter can not have',
    plant: async (meddler, username) => {
      const id = await meddler.whole(username)
      await meddler.look.keycloak.changeAccount(id, { loginName: `${username} with spaces` })
      return id
    },
    told: { remedy: 'align' },
    fields: ['username'],
    outcomes: ['refused', 'refused'],
    reason: "Its login name can't be one of kitter's.",
    places: { keycloak: 0, wacCore: 1, kitter: 1 },
  },
  {
    name: 'somebody moved the user at wac-core to a domain that kitter has to adopt first',
    plant: async (meddler, username) => {
      const id = await meddler.whole(username)
      await meddler.changeAtWacCore(id, { domain: 'theirs.example' })
      return id
    },
    told: { remedy: 'align' },
    fields: ['domain'],
    outcomes: ['refused', 'mended'],
    places: everywhere,
  },
  {
    name: 'somebody made a user at wac-core',
    plant: (meddler, username) => meddler.addAtWacCore({ username }),
    told: { missing_in: ['keycloak', 'kitter'], remedy: 'none' },
    outcomes: ['left', 'left'],
    reason: 'kitter never made it, and never removes such.',
    places: { keycloak: 0, wacCore: 1, kitter: 0 },
  },
  {
    name: 'somebody copied the user at wac-core, its link included',
    plant: async (meddler, username) => {
      const externalId = await meddler.whole(username)
      return meddler.addAtWacCore({ username: `copy-of-${username}`, externalId })
    },
    told: { missing_in: ['keycloak', 'kitter'], remedy: 'remove' },
    outcomes: ['left', 'mended'],
    places: everywhere,
  },
]
