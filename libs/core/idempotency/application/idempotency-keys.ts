import type { Outcome } from '../domain/outcome.ts'

export interface KeyedRequest {
  /** Whose key it is: the token's `sub`. */
  readonly subject: string
  readonly key: string
  /** All that makes the request what it is. It may have secrets, and is never kept. */
  readonly text: string
}

/** Whose request a key stands for now. Whoever takes over from a replica that died has a later turn. */
export interface KeyTurn {
  /** Of the request: the same each time it comes, until the key is free again. */
  readonly id: string
  /** 0 the first time. */
  readonly turn: number
}

export type KeyState =
  /** The request is the caller's to run, as long as it prolongs its lease. */
  | { readonly state: 'begun'; readonly turn: KeyTurn }
  /** Somebody else runs it. */
  | { readonly state: 'running' }
  /** It has run, and its operation isn't settled yet. */
  | { readonly state: 'unsettled'; readonly operation: string }
  | { readonly state: 'answered'; readonly outcome: Outcome }
  | { readonly state: 'used otherwise' }

/**
 * What became of the requests that callers gave keys to, where all replicas see it. Who runs a request has a lease, by the
 * storage's own clock; what is said in a turn that is over changes nothing.
 */
export abstract class IdempotencyKeys {
  abstract readonly leaseSeconds: number

  abstract begin(request: KeyedRequest): Promise<KeyState>

  abstract prolong(turn: KeyTurn): Promise<void>

  /** Remembers the outcome for whoever asks again. */
  abstract keep(turn: KeyTurn, outcome: Outcome): Promise<void>

  /** Lets the key go. While an operation of the request may have done something, the key stands for that request only. */
  abstract release(turn: KeyTurn): Promise<void>

  /** Forgets some of the keys that nobody has used for so long, but none whose operation isn't settled. How many. */
  abstract forget(keptSeconds: number): Promise<number>
}
