/** The first of which kitter knows how it behaves. */
const oldest = 26
/** The one that kitter is tested with. */
const tested = [26, 7] as const
/** Known for a large slowdown. */
const slow = new Set(['26.7.1', '26.7.2'])

export interface VersionProblem {
  readonly state: 'wrong' | 'doubtful'
  readonly sentence: string
}

/** What is to be said against a version; nothing where it's fine. */
export function versionProblem(version: string): VersionProblem | undefined {
  if (slow.has(version)) {
    return { state: 'doubtful', sentence: `Keycloak ${version} is known to be much slower than 26.7.3 and later` }
  }
  const [, major = NaN, minor = NaN] = (/^(\d+)\.(\d+)/.exec(version) ?? []).map(Number)
  if (major < oldest) {
    const sentence = `Keycloak ${version} is older than ${oldest}, the first that kitter is written for`
    return { state: 'wrong', sentence }
  }
  if (major > tested[0] || minor >= tested[1] || Number.isNaN(major)) return undefined
  return {
    state: 'doubtful',
    sentence: `Keycloak ${version} is older than ${tested.join('.')}, which kitter is tested with`,
  }
}
