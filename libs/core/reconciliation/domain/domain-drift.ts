import type { Domain, DomainName, PlatformDomains } from '#core/domains'
import { toldOfDomain } from '#core/domains'
import type { Difference, FieldDifference, Remedy } from './difference.ts'
import type { DomainSides } from './domain-sides.ts'

export interface DomainDrift {
  readonly difference: Difference
  /** How the domain should be in both: as wac-core says. None is to be gone. */
  readonly goal?: Domain | undefined
  /** Why it can't be mended, in a sentence. */
  readonly problem?: string | undefined
}

export interface DomainRules {
  readonly platform: PlatformDomains
  /** What was removed at wac-core is removed here, too, instead of being made again. */
  readonly remove: boolean
}

/** How the two differ, if they do. */
export function domainDrift({ registered: found, record }: DomainSides, rules: DomainRules): DomainDrift | undefined {
  const registered = found && inTree(found, rules.platform)
  const goal = registered ?? record
  if (goal === undefined) return undefined
  const fields = registered && record ? differingFields(registered, record) : []
  if (registered && record && fields.length === 0) return undefined
  const remedy = remedyFor({ registered, record }, rules)
  const difference: Difference = {
    about: 'domain',
    id: (record ?? goal).id,
    name: (record ?? goal).name,
    missingIn: registered === undefined ? ['wac-core'] : record === undefined ? ['kitter'] : [],
    fields,
    remedy,
  }
  if (remedy === 'remove') return { difference }
  const isRenamed = record !== undefined && record.name !== goal.name
  if (isRenamed && (rules.platform.protects(record.name) || rules.platform.protects(goal.name))) {
    return {
      difference,
      problem: "A domain without which the platform can't be was renamed, or another took its name.",
    }
  }
  return { difference, goal }
}

/** Only the root has no domain above. */
function inTree(domain: Domain, { root }: PlatformDomains): Domain {
  return { ...domain, parent: domain.name === root ? undefined : (domain.parent ?? root) }
}

function remedyFor({ registered, record }: DomainSides, { platform, remove }: DomainRules): Remedy {
  if (record === undefined) return 'adopt'
  if (registered !== undefined) return 'align'
  return remove && !platform.protects(record.name) ? 'remove' : 'restore'
}

function differingFields(registered: Domain, record: Domain): readonly FieldDifference[] {
  const [ours, theirs] = [fieldsOf(record), fieldsOf(registered)]
  return [...theirs].flatMap(([field, value]) =>
    canonical(ours.get(field)) === canonical(value)
      ? []
      : [{ field, values: { 'wac-core': value, kitter: ours.get(field) } }],
  )
}

function fieldsOf(domain: Domain): ReadonlyMap<string, unknown> {
  return new Map([['id', domain.id], ...Object.entries(toldOfDomain(domain))])
}

/** In whatever order the services are told. */
function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return JSON.stringify(value)
  return JSON.stringify(Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)))
}

/** Those above come first; whatever is in a loop comes last. */
export function fromTheTop(domains: readonly Domain[]): readonly Domain[] {
  const byParent = Map.groupBy(domains, ({ parent }) => parent)
  const names = new Set<DomainName>(domains.map(({ name }) => name))
  const sorted: Domain[] = domains.filter(({ parent }) => parent === undefined || !names.has(parent))
  for (const domain of sorted) sorted.push(...(byParent.get(domain.name) ?? []))
  const known = new Set(sorted)
  return [...sorted, ...domains.filter((domain) => !known.has(domain))]
}
