import type UserRepresentation from '@keycloak/keycloak-admin-client/lib/defs/userRepresentation.js'

export type NewUser = UserRepresentation & { readonly id: string; readonly username: string }

/** Why users weren't created, as far as can be seen. */
export interface ImportRefusal {
  readonly error: unknown
  /** Only the answer may have been lost. */
  readonly mayBeThere: boolean
  /** It may be about one of them only, and the others may be welcome without it. */
  readonly isOfOne: boolean
  /** The username of that one, where it's known. */
  readonly guilty?: string | undefined
}

/** Creates users in Keycloak. */
export interface Importer {
  /** All of them in one transaction, or none. `wasSent`: they were among others whose fate isn't known. */
  importAll(users: readonly NewUser[], wasSent: boolean): Promise<ImportRefusal | undefined>

  /** Rejects where that can't be seen. */
  isThere(id: string): Promise<boolean>

  /** Whether Keycloak and its database answer at all. */
  isWell(): Promise<boolean>

  /** What a refusal comes to for one user who was, or might as well have been, alone. */
  refusal(error: unknown, user: NewUser): Promise<unknown>
}
