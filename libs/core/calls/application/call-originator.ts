/** Both are SIP addresses such as `sip:anna@example.com`, of characters that need no escaping. */
export interface Call {
  /** Whose devices ring first. */
  readonly from: string
  /** Whom they are connected to once one of them is answered. */
  readonly to: string
}

/** Calls that a user hasn't dialled. */
export abstract class CallOriginator {
  /** Has it rung, without waiting for anybody to answer. Where there is nothing that could ring, it throws `noEndpoints()`. */
  abstract originate(call: Call): Promise<void>
}
