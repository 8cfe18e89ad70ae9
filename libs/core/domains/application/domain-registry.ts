import type { Domain, DomainSettings } from '../domain/domain.ts'

/**
 * The domains at wac-core, which gives them their ids. Refusals are thrown as `DomainError`: a name in use is
 * `domain.name_taken`, a missing domain `domain.unknown`.
 */
export abstract class DomainRegistry {
  abstract list(): Promise<readonly Domain[]>

  /** The id it was given. */
  abstract create(domain: DomainSettings): Promise<string>

  abstract find(id: string): Promise<Domain | undefined>

  /** Replaces what kitter knows of the domain and keeps the rest. Gives back how it was before. */
  abstract replace(domain: Domain): Promise<Domain>

  abstract remove(id: string): Promise<void>
}
