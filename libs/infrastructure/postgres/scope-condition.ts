import type { Scope } from '#kernel'
import type { Conditions } from './conditions.ts'

/** Keeps to the rows whose domain (in the column) is in the scope. Among many users `domainsWithin` finds them sooner. */
export function withinScope(conditions: Conditions, scope: Scope, column: string): Conditions {
  return scope.everything
    ? conditions
    : conditions.and((value) => `${column} IN (SELECT kitter.domain_tree(${value(scope.domain)}))`)
}
