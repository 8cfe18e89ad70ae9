import { type Check } from '#kernel'
import { checkPassword, checkPersonName, checkUserName } from '#core/users'
import { userFields } from '../fields/user-fields.ts'
import { isGeneratedName } from '../ids/generated-name.ts'
import type { JsonObject } from '../json-object.ts'
import { required, unfit } from '../problems/found-problems.ts'
import type { FoundProblem } from '../problems/problem.ts'
import { schemaCheck } from './schema-problems.ts'
import { sizeProblems } from './size-problems.ts'
import { textIn } from './text-in.ts'
import { isKitterKey } from './user-document.ts'

const schemaProblems = schemaCheck(userFields)

const checkUserNameGiven: Check = (value) =>
  typeof value === 'string' && isGeneratedName(value)
    ? [{ path: '', problem: 'must not look like a name that was generated' }]
    : checkUserName(value)

/** Where kitter takes less than the schema lets through: names of blanks, or one with `<`, passwords of 300 characters. */
const kitterChecks: readonly (readonly [string, Check])[] = [
  ['username', checkUserNameGiven],
  ['first_name', checkPersonName],
  ['last_name', checkPersonName],
  ['password', checkPassword],
]

/**
 * All that is wrong with a document that shall be a user's. What kitter knows already and the request leaves alone isn't
 * judged: a user made elsewhere may have no last name, or a username of other letters than Kazoo's.
 */
export function userProblems(document: JsonObject, before: JsonObject | undefined): readonly FoundProblem[] {
  const found = schemaProblems(document)
  const faulty = new Set(found.map(({ path: [first] }) => first))
  const unfitting = kitterChecks
    .filter(([key]) => !faulty.has(key))
    .flatMap(([key, check]) => unfits(document, key, check))
  const judged = [...found, ...unfitting].filter(
    (problem) => before === undefined || !isLeftAlone(problem, document, before),
  )
  return [...judged, ...signInProblems(document, before), ...sizeProblems(document)]
}

function unfits(document: JsonObject, key: string, check: Check): readonly FoundProblem[] {
  const value = textIn(document, key)
  return value === undefined ? [] : check(value).map(({ problem }) => unfit([key], `Value ${problem}`))
}

/**
 * Clients sign in with a hash of both, so a new name needs the password again. A user may be made without one, as the
 * native API lets it, and get it later.
 */
function signInProblems(document: JsonObject, before: JsonObject | undefined): readonly FoundProblem[] {
  const { username, password } = document
  if (username === undefined && password !== undefined)
    return [required(['username'], 'The user name must be provided when updating the password')]
  const isRenamed = before !== undefined && username !== undefined && username !== before['username']
  return isRenamed && password === undefined
    ? [required(['password'], 'The password must be provided when updating the user name', username)]
    : []
}

function isLeftAlone({ path: [key] }: FoundProblem, document: JsonObject, before: JsonObject): boolean {
  return isKitterKey(key) && document[key] === before[key]
}
