import type { Scope } from '#kernel'
import type { Conditions } from './conditions.ts'
import type { Queries } from './queries.ts'

/** The names of the domains in the scope, or of the one that is asked for, if it's among them. Nothing: whatever there is. */
export async function domainsWithin(
  queries: Queries,
  scope: Scope,
  only?: string,
): Promise<readonly string[] | undefined> {
  if (scope.everything) return only === undefined ? undefined : [only]
  const rows = await queries.rows<{ name: string }>(
    'SELECT name FROM kitter.domain_tree($1) AS tree (name) WHERE $2::text IS NULL OR name = $2',
    scope.domain,
    only ?? null,
  )
  return rows.map(({ name }) => name)
}

/**
 * Keeps to the users of these domains. Of names that it's given, Postgres knows how many users they have; of names that it
 * finds itself, it expects half of all users, and goes through all of them.
 */
export function amongDomains(conditions: Conditions, domains: readonly string[] | undefined): Conditions {
  if (domains === undefined) return conditions
  // of one domain an index has the order of usernames
  return domains.length === 1
    ? conditions.given(domains[0], (value) => `domain = ${value}`)
    : conditions.and((value) => `domain = ANY(${value(domains)}::text[])`)
}
