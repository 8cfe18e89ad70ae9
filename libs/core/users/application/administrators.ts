import type { Role } from '#kernel'

/** Who holds kitter's or the realm's administrative roles. */
export abstract class Administrators {
  abstract includes(userId: string): Promise<boolean>
  /** The most powerful of kitter's roles that the account has, if any. */
  abstract roleOf(userId: string): Promise<Role | undefined>
}
