import type { PasswordOccasion, PasswordOwner } from '#core/users'
import { type PasswordHashing, passwordHashing } from './password-hashing.ts'

interface Rule {
  readonly name: string
  readonly value: string
}

/** What a rule has against a password; nothing where it has nothing. */
type Judge = (password: string, value: string, owner: PasswordOwner) => string | undefined

/** Keycloak counts UTF-16 units, as Java does. */
const atLeast =
  (units: RegExp, what: string): Judge =>
  (password, value) => {
    const count = password.split('').filter((unit) => units.test(unit)).length
    return count < Number(value) ? `must have at least ${value} ${what}` : undefined
  }

const judges: Readonly<Record<string, Judge>> = {
  length: (password, value) => (password.length < Number(value) ? `must have at least ${value} characters` : undefined),
  maxLength: (password, value) =>
    password.length > Number(value) ? `must have at most ${value} characters` : undefined,
  digits: atLeast(/\p{Nd}/u, 'digits'),
  lowerCase: atLeast(/\p{Lowercase}/u, 'lower-case letters'),
  upperCase: atLeast(/\p{Uppercase}/u, 'upper-case letters'),
  specialChars: atLeast(/[^\p{L}\p{Nd}]/u, 'special characters'),
  notUsername: (password, _, { loginName }) =>
    password.toLowerCase() === loginName.toLowerCase() ? 'must not be the username' : undefined,
  notContainsUsername: (password, _, { loginName }) =>
    password.toLowerCase().includes(loginName.toLowerCase()) ? 'must not contain the username' : undefined,
  notEmail: (password, _, { email }) =>
    password.toLowerCase() === email?.toLowerCase() ? 'must not be the email address' : undefined,
}

const counting = new Set(['length', 'maxLength', 'digits', 'lowerCase', 'upperCase', 'specialChars'])

/** They compare with the passwords that were there before, which only Keycloak has. */
const rulesOfEarlierOnes = new Set(['passwordAge', 'passwordHistory'])

/** They say nothing of what a password must be, only when another one is asked for. */
const rulesOfUse = new Set(['forceExpiredPasswordChange', 'maxAuthAge', 'recoveryCodesWarningThreshold'])

const rulesOfHash = new Set(['hashAlgorithm', 'hashIterations'])

/** The realm's password policy, as its text such as `length(12) and notUsername(undefined)`. */
export class PasswordPolicy {
  private readonly rules: readonly Rule[]

  constructor(policy: string) {
    this.rules = policy
      .split(' and ')
      .filter((rule) => rule.trim() !== '')
      .map(ruleOf)
  }

  /** Whether nothing is left that only Keycloak itself can judge, such as a regular expression of Java's or a list of its own. */
  isCompleteFor(occasion: PasswordOccasion): boolean {
    const isOfNoConcern = ({ name }: Rule): boolean =>
      rulesOfUse.has(name) || rulesOfHash.has(name) || (occasion === 'first' && rulesOfEarlierOnes.has(name))
    return this.rules.every((rule) => isJudged(rule) || isOfNoConcern(rule)) && this.hashing !== undefined
  }

  /** Nothing where the realm hashes in a way that only Keycloak knows. */
  get hashing(): PasswordHashing | undefined {
    const valueOf = (wanted: string): string | undefined => this.rules.find(({ name }) => name === wanted)?.value
    return passwordHashing(valueOf('hashAlgorithm'), valueOf('hashIterations'))
  }

  problemsOf(password: string, owner: PasswordOwner): readonly string[] {
    const judged = this.rules.filter(isJudged)
    return judged.flatMap(({ name, value }) => judges[name]?.(password, value, owner) ?? [])
  }
}

/** A number that isn't said is Keycloak's own, and may be another one in another version. */
function isJudged({ name, value }: Rule): boolean {
  return Object.hasOwn(judges, name) && (!counting.has(name) || /^\d+$/.test(value))
}

function ruleOf(text: string): Rule {
  const [, name = text.trim(), value = ''] = /^\s*(\w+)(?:\((.*)\))?\s*$/s.exec(text) ?? []
  return { name, value }
}
