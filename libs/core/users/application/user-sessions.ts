/** The sessions of one user, offline ones included. */
export abstract class UserSessions {
  /** Ends them, so that no refresh token from before is good any more. How many there were. */
  abstract end(userId: string): Promise<number>
}
