import type { FieldProblem } from '#kernel'
import type { ChangedUser, NewUser, User } from '#core/users'
import type { Import } from '../domain/import.ts'
import type { FileRow } from './row-files.ts'

/** What a row would change of a user that is there. It's asked as often as an update's decision, and must do nothing else. */
export type ChangeOfUser = (there: User) => ChangedUser

/** The user that a row describes. */
export interface DescribedUser {
  readonly user: NewUser
  /** Or why it can change none. */
  readonly change: ChangeOfUser | { readonly problems: readonly FieldProblem[] }
}

/** What a row says, or all that is wrong with it. The username as far as there is one. */
export type ReadRow = { readonly username: string | undefined } & (
  | { readonly described: DescribedUser }
  | { readonly problems: readonly FieldProblem[] }
  /** Why, in a sentence. */
  | { readonly unreadable: string }
)

/** Reads rows as the API reads bodies. */
export abstract class UserRows {
  abstract read(row: FileRow, of: Pick<Import, 'columns' | 'policy'>): ReadRow

  /** How a row calls a field of the API's body. */
  abstract nameOf(path: string, of: Pick<Import, 'format' | 'policy'>): string
}
