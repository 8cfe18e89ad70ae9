import { type DomainError, type FieldProblem, invalid } from '#kernel'
import { answered } from '../realm/keycloak-answer.ts'

/**
 * A field that the realm's user profile refuses although kitter's rules allow it, as `400 {"field", "errorMessage"}` or a
 * list of them: told in the caller's words, for an operator may have added rules.
 */
export function refusedFields(error: unknown): DomainError | undefined {
  const body = answered(error, 400)?.body
  const listed: unknown = isObject(body) ? (body['errors'] ?? [body]) : []
  const problems = (Array.isArray(listed) ? listed : []).flatMap(problemOf)
  return problems.length > 0 ? invalid(problems) : undefined
}

/** `400 {"error": "invalidPassword…", "error_description": "Invalid password: …"}` */
export function refusedPassword(error: unknown): DomainError | undefined {
  const answer = answered(error, 400)
  if (answer?.text('error').startsWith('invalidPassword') !== true) return undefined
  const problem = answer.text('error_description').replace(/^Invalid password: /, '')
  return invalid([{ path: 'credentials.password', problem: `is refused by the realm's password policy: ${problem}` }])
}

function problemOf(entry: unknown): readonly FieldProblem[] {
  if (!isObject(entry) || typeof entry['field'] !== 'string') return []
  const reason = typeof entry['errorMessage'] === 'string' ? entry['errorMessage'] : 'not valid'
  return [{ path: pathOf(entry['field']), problem: `is refused by the realm's user profile: ${reason}` }]
}

const own: Readonly<Record<string, string>> = {
  username: 'username',
  email: 'email',
  firstName: 'first_name',
  lastName: 'last_name',
}

function pathOf(field: string): string {
  return own[field] ?? `attributes.${field}`
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
