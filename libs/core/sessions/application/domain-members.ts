/** Who lives in a domain. */
export abstract class DomainMembers {
  /** Those of the ids whose users live in the domain itself, not below it. */
  abstract among(domain: string, userIds: readonly string[]): Promise<readonly string[]>
}
