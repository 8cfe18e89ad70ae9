/** What becomes of a request, or of its answer, at the place where a trap has caught it. */
export type Verdict =
  | 'pass'
  /** The connection breaks. */
  | 'drop'
  /** The connection breaks, and the request is passed on so much later. */
  | { readonly lateMs: number }
  /** Another answer than the system's own: of a system that speaks HTTP its status, of Postgres its SQLSTATE. */
  | { readonly status: number }
  | { readonly sqlState: string; readonly constraint?: string }

/** Before the effect, after it and before its answer, or instead of it. */
export type Moment = 'before' | 'after' | 'instead'

/** Which request is caught: one of whose texts these all are parts. */
export type Bait = readonly string[]

/** Catches one request on its way, or the answer to it. */
export class Trap {
  private readonly caught = Promise.withResolvers<undefined>()
  private readonly judged = Promise.withResolvers<Verdict>()
  private readonly passed = Promise.withResolvers<undefined>()

  constructor(
    private readonly bait: Bait,
    readonly moment: Moment,
    /** Without one, it is held until `release`. */
    verdict?: Verdict,
  ) {
    if (verdict !== undefined) this.judged.resolve(verdict)
  }

  hasSprung = false

  /** Something is in it. */
  get sprung(): Promise<undefined> {
    return this.caught.promise
  }

  /** Nothing of what was caught is under way any more. */
  get over(): Promise<undefined> {
    return this.passed.promise
  }

  catches(text: string): boolean {
    return this.bait.every((part) => text.includes(part))
  }

  spring(): Promise<Verdict> {
    this.hasSprung = true
    this.caught.resolve(undefined)
    return this.judged.promise
  }

  release(verdict: Verdict): void {
    this.judged.resolve(verdict)
  }

  end(): void {
    this.passed.resolve(undefined)
  }
}

/** The traps that are set, on whatever way. Each catches once. */
export class Traps {
  private readonly all = new Set<Trap>()

  set(trap: Trap): Trap {
    this.all.add(trap)
    return trap
  }

  /** The trap that this text falls into. */
  take(text: string): Trap | undefined {
    const trap = [...this.all].find((each) => each.catches(text))
    if (trap !== undefined) this.all.delete(trap)
    return trap
  }

  clear(): void {
    this.all.clear()
  }
}
