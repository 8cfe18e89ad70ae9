import { isOutcomeUnknown, outcomeUnknown } from '#kernel'
import { read } from '../realm/answer-shapes.ts'
import { answered } from '../realm/keycloak-answer.ts'
import type { KeycloakRealm } from '../realm/keycloak-realm.ts'
import type { AccountLookup } from './account-lookup.ts'
import type { ImportRefusal, Importer, NewUser } from './importer.ts'

/** What Keycloak, or who stands before it, may answer for the sake of one user in a group: it's not fit, clashes, is too large. */
const ofOne = [400, 409, 413, 500]

/** By `partialImport`, which alone honours the id and is one transaction. */
export class KeycloakImporter implements Importer {
  private readonly realm: KeycloakRealm
  private readonly lookup: AccountLookup

  constructor(realm: KeycloakRealm, lookup: AccountLookup) {
    this.realm = realm
    this.lookup = lookup
  }

  /** A group that Keycloak failed at isn't sent again as it is: it may have been for the sake of one. */
  async importAll(users: readonly NewUser[], wasSent: boolean): Promise<ImportRefusal | undefined> {
    const rep = { ifResourceExists: 'FAIL' as const, users: [...users] }
    const repeatAfter = users.length > 1 ? 'drop' : 'drop or 500'
    const sending = { isRepeated: wasSent }
    try {
      const answer = await this.realm.change(
        (admin, isRepeated) => {
          sending.isRepeated = isRepeated
          return admin.realms.partialImport({ realm: this.realm.name, rep })
        },
        { wasSent, repeatAfter },
      )
      return isAboutAll(answer, users) ? undefined : nonsense()
    } catch (error) {
      const isClash = answered(error, 409) !== undefined
      const mayBeThere = isOutcomeUnknown(error) || (sending.isRepeated && isClash)
      const isOfOne = ofOne.some((status) => answered(error, status) !== undefined)
      return { error, mayBeThere, isOfOne, guilty: guiltyIn(error) }
    }
  }

  async isThere(id: string): Promise<boolean> {
    return (await this.lookup.find(id)) !== undefined
  }

  isWell(): Promise<boolean> {
    return this.realm.ping().then(
      () => true,
      () => false,
    )
  }

  refusal(error: unknown, { id, username, email }: NewUser): Promise<unknown> {
    return this.lookup.refusal(error, { id, loginName: username, email })
  }
}

/** The results come in any order. */
function isAboutAll(answer: unknown, users: readonly NewUser[]): boolean {
  try {
    const { results } = read('imported', answer)
    const added = new Set(results.filter(({ action }) => action === 'ADDED').map(({ id }) => id))
    return users.every(({ id }) => added.has(id))
  } catch {
    return false
  }
}

function nonsense(): ImportRefusal {
  const error = outcomeUnknown('Keycloak', new Error('the answer makes no sense'))
  return { error, mayBeThere: true, isOfOne: false }
}

/** The first one whose name is taken, or its address; of whatever else is wrong Keycloak doesn't say whose it is. */
function guiltyIn(error: unknown): string | undefined {
  const sentence = answered(error, 409)?.text('errorMessage') ?? ''
  return /^User with user name (.+) already exists\.?$/s.exec(sentence)?.[1]
}
