import { randomBytes, randomUUID } from 'node:crypto'
import { counted, type Footprint } from './footprint.fixture.ts'
import type { Lab } from './lab.fixture.ts'
import {
  type Act,
  changedTo,
  domain,
  type Existing,
  existing,
  existingDomain,
  otherDomain,
} from './scenarios.fixture.ts'
import type { Point } from './scenarios.fixture.ts'

/** What somebody has done behind kitter's back, and a reconciliation is to mend. */
export interface Planted {
  /** By which the reconciliation tells of it. */
  readonly subject: string
  /** Where mending it can be caught. */
  readonly points: readonly Point[]
  /** Whether it is mended as a whole. */
  readonly isDone: Act['isDone']
}

export interface Drift {
  readonly name: string
  readonly about: 'user' | 'domain'
  /** Mended by removing what is left, where that is asked for. */
  readonly isRemoved?: boolean
  /** Of a name that is nobody else's. */
  plant(lab: Lab, word: string): Promise<Planted>
}

const firstWord = (word: string): Point => ({
  name: 'first word',
  system: 'journal',
  bait: ['UPDATE kitter.operations SET learned', 'wac-core: align user', word],
})
const createUser = (word: string): Point => ({
  name: 'create user',
  system: 'wac-core',
  bait: ['POST /sapi/users ', `"${word}"`],
})
const updateUser = ({ communicationsId }: Existing): Point => ({
  name: 'update user',
  system: 'wac-core',
  bait: ['PUT /sapi/users/', communicationsId],
})
const deleteUser = ({ communicationsId }: Existing): Point => ({
  name: 'delete user',
  system: 'wac-core',
  bait: ['DELETE /sapi/users/', communicationsId],
})
const createAccount = (id: string): Point => ({
  name: 'create account',
  system: 'Keycloak',
  bait: ['INSERT INTO sandbox.accounts', id],
})
const updateAccount = (id: string): Point => ({
  name: 'update account',
  system: 'Keycloak',
  bait: ['UPDATE sandbox.accounts', id],
})
const commit = (statement: string, word: string): Point => ({
  name: 'commit',
  system: 'journal',
  bait: [statement, word],
})

const lost = {
  account: 'DELETE FROM sandbox.accounts WHERE id = $1',
  atWacCore: `
    WITH mappings AS (
      DELETE FROM sandbox.wac_sip_mappings mapping USING sandbox.wac_users
      WHERE owner_id = wac_users.id AND document ->> 'externalId' = $1 RETURNING mapping.id)
    DELETE FROM sandbox.wac_users WHERE document ->> 'externalId' = $1`,
  row: 'DELETE FROM kitter.users WHERE id::text = $1',
}

const isWhole: Act['isDone'] = (now) => {
  const { users, accounts, wacUsers } = counted(now)
  return users === 1 && accounts === 1 && wacUsers === 1
}
const isGone: Act['isDone'] = (now) => Object.values(counted(now)).every((count) => count === 0)
const isDisabled: Act['isDone'] = (now, before) =>
  isWhole(now, before) && now.users[0]?.['enabled'] === false && now.accounts[0]?.['enabled'] === false

function user(
  name: string,
  harm: readonly string[],
  points: (user: Existing, word: string) => readonly Point[],
  isDone: Act['isDone'],
  more: { readonly isRemoved?: boolean; readonly withSip?: boolean } = {},
): Drift {
  return {
    name: `user: ${name}`,
    about: 'user',
    isRemoved: more.isRemoved === true,
    plant: async (lab, word) => {
      const sip = more.withSip === true ? { sip_mapping: { username: word, password: 'sip secret' } } : {}
      const there = await existing(lab, word, sip)
      for (const sql of harm) await lab.rows(sql, there.id)
      return { subject: there.id, points: points(there, word), isDone }
    },
  }
}

const userDrifts: readonly Drift[] = [
  user(
    'changed in Keycloak',
    [
      `UPDATE sandbox.accounts SET first_name = 'Other', email = 'other-' || email, email_key = 'other-' || email_key,
        attributes = attributes || '{"team": ["green"]}' WHERE id = $1`,
    ],
    (there, word) => [firstWord(word), updateUser(there), commit('UPDATE kitter.users', there.id)],
    changedTo({ first_name: 'Other', attributes: { team: ['green'] } }),
    { withSip: true },
  ),
  user(
    'given another domain in Keycloak, and another phone number at wac-core',
    [
      `UPDATE sandbox.accounts SET attributes = attributes || '{"domain": ["${otherDomain}"]}' WHERE id = $1`,
      `UPDATE sandbox.wac_users SET document = document || '{"mobilePhone": ["+9"]}' WHERE document ->> 'externalId' = $1`,
    ],
    ({ id }) => [updateAccount(id), commit('UPDATE kitter.users', id)],
    (now, before) =>
      changedTo({ phone_number: '+9', domain })(now, before) &&
      accountAttributes(now).includes(`"domain":["${domain}"]`),
  ),
  user(
    'removed at wac-core',
    [lost.atWacCore],
    ({ id }, word) => [firstWord(word), createUser(word), commit('UPDATE kitter.users', id)],
    isWhole,
  ),
  user(
    'removed in Keycloak',
    [lost.account],
    ({ id }) => [createAccount(id), commit('UPDATE kitter.users', id)],
    isDisabled,
    { withSip: true },
  ),
  user(
    'removed in both',
    [lost.account, lost.atWacCore],
    ({ id }, word) => [createUser(word), createAccount(id), commit('UPDATE kitter.users', id)],
    isDisabled,
  ),
  user("kitter's row lost", [lost.row], ({ id }) => [commit('INSERT INTO kitter.users', id)], isWhole),
  user(
    'removed in Keycloak, to be removed',
    [lost.account],
    (there) => [deleteUser(there), commit('DELETE FROM kitter.users', there.id)],
    isGone,
    { isRemoved: true, withSip: true },
  ),
  user('left at wac-core', [lost.account, lost.row], (there) => [deleteUser(there)], isGone, {
    isRemoved: true,
    withSip: true,
  }),
  {
    name: 'user: made in Keycloak',
    about: 'user',
    plant: async (lab, word) => {
      const id = randomUUID()
      await lab.rows(
        `INSERT INTO sandbox.accounts (id, login_name, login_key, email_verified, enabled, first_name, attributes)
        VALUES ($1, $2, $2, true, true, 'Ann', '{"team": ["red"]}')`,
        ...[id, word],
      )
      const points = [createUser(word), updateAccount(id), commit('INSERT INTO kitter.users', id)]
      return { subject: id, points: [firstWord(word), ...points], isDone: isWhole }
    },
  },
]

function domainDrift(
  name: string,
  harm: string,
  points: (id: string, word: string) => readonly Point[],
  isDone: Act['isDone'],
  isRemoved = false,
): Drift {
  return {
    name: `domain: ${name}`,
    about: 'domain',
    isRemoved,
    plant: async (lab, word) => {
      const subject = await existingDomain(lab, word)
      await lab.rows(harm, subject)
      return { subject, points: points(subject, word), isDone }
    },
  }
}

const isRegistered: Act['isDone'] = ({ domains, wacDomains }) => domains.length === 1 && wacDomains.length === 1
const lostDomain = 'DELETE FROM sandbox.wac_domains WHERE id = $1'

const domainDrifts: readonly Drift[] = [
  domainDrift(
    'changed at wac-core',
    `UPDATE sandbox.wac_domains SET document = document || '{"origins": ["https://a.example"]}' WHERE id = $1`,
    (id) => [commit('UPDATE kitter.domains', id)],
    ({ domains: [changed] }) => JSON.stringify(changed?.['origins']).includes('a.example'),
  ),
  domainDrift(
    'removed at wac-core',
    lostDomain,
    (id, word) => [
      { name: 'create domain', system: 'wac-core', bait: ['POST /sapi/domains', word] },
      commit('UPDATE kitter.domains', id),
    ],
    isRegistered,
  ),
  domainDrift(
    'removed at wac-core, to be removed',
    lostDomain,
    (id) => [commit('DELETE FROM kitter.domains', id)],
    isGone,
    true,
  ),
  {
    name: 'domain: made at wac-core',
    about: 'domain',
    plant: async (lab, word) => {
      const subject = randomBytes(12).toString('hex')
      await lab.rows(
        `INSERT INTO sandbox.wac_domains (id, document)
        SELECT $1, document || jsonb_build_object('domain', $2::text) FROM sandbox.wac_domains WHERE domain = $3`,
        ...[subject, word, domain],
      )
      return { subject, points: [commit('INSERT INTO kitter.domains', word)], isDone: isRegistered }
    },
  },
]

export const drifts: readonly Drift[] = [...userDrifts, ...domainDrifts]

function accountAttributes({ accounts: [account] }: Footprint): string {
  return JSON.stringify(account?.['attributes'])
}
