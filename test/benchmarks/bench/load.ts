export interface Load {
  readonly callers: number
  /** No call begins after so many seconds, nor after so many calls. */
  readonly seconds: number
  readonly most: number
}

export interface Done {
  readonly count: number
  readonly seconds: number
  /** Of each call. */
  readonly milliseconds: readonly number[]
}

/** So many callers, each with one call after the other. */
export async function callRepeatedly(load: Load, call: () => Promise<unknown>): Promise<Done> {
  const begun = performance.now()
  const milliseconds: number[] = []
  let left = load.most
  const isOver = (): boolean => left <= 0 || performance.now() - begun > load.seconds * 1000
  await Promise.all(
    Array.from({ length: load.callers }, async () => {
      while (!isOver()) {
        left -= 1
        const started = performance.now()
        await call()
        milliseconds.push(performance.now() - started)
      }
    }),
  )
  return { count: milliseconds.length, seconds: (performance.now() - begun) / 1000, milliseconds }
}
