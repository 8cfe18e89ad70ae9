import { AsyncLocalStorage } from 'node:async_hooks'

const running = new AsyncLocalStorage<RepeatableRequest>()

/**
 * A request that may come again, under an id of its own. Its first operation is entered in the journal with that id, so
 * that the request that comes again learns what became of it instead of making it a second time.
 */
export class RepeatableRequest {
  /** Whether what was told is what an earlier request has done. */
  isRecalled = false
  private isTaken = false

  constructor(
    readonly id: string,
    /** Otherwise nothing can have been done under its id. */
    readonly hasComeBefore: boolean,
    /** Of whom nobody asks what came of it but whether it was done, none of its data is kept. */
    readonly keeps: 'result' | 'nothing' = 'result',
  ) {}

  /** The request that the running code belongs to. Only the first operation of a request gets it. */
  static take(): RepeatableRequest | undefined {
    const request = running.getStore()
    if (request === undefined || request.isTaken) return undefined
    request.isTaken = true
    return request
  }

  run<Result>(work: () => Result): Result {
    return running.run(this, work)
  }
}
