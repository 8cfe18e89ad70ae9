import type { Session } from '../domain/session.ts'

/** The sessions of the realm. */
export abstract class SessionControl {
  /** Every active session of users, offline ones included, some at a time. */
  abstract active(): AsyncIterable<readonly Session[]>

  /** Ends these, so that no refresh token of theirs is good any more. How many of them were still there. */
  abstract end(sessions: readonly Session[]): Promise<number>

  /** Ends the sessions of everybody but kitter itself. How many there were. */
  abstract endAll(): Promise<number>
}
