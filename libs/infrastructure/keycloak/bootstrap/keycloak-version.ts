/** The first of which kitter knows how it behaves. */
const oldest = 26
/** Known for a large slowdown. */
const slow = new Set(['26.7.1', '26.7.2'])

/** What is to be said against a version; nothing where it's fine. */
export function versionProblem(version: string): string | undefined {
  if (slow.has(version)) return `Keycloak ${version} is known to be much slower than 26.7.3 and later`
  const major = Number(/^\d+/.exec(version)?.[0] ?? Number.NaN)
  return major < oldest
    ? `Keycloak ${version} is older than ${oldest}, the first that kitter is written for`
    : undefined
}
