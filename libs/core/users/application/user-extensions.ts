import type { Transaction } from '#kernel'
import type { ExtensionDocument, UserExtension } from '../domain/user-extension.ts'

/** What dialects keep beside users, one document of each dialect. A user's documents go with the user. */
export abstract class UserExtensions {
  abstract find(dialect: string, userId: string): Promise<ExtensionDocument | undefined>
  /** In the place of the one before, if there is one. */
  abstract put(userId: string, extension: UserExtension, within: Transaction): Promise<void>
}
