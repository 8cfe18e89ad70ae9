import type { ExportTarget } from './export-target.ts'

/** Whoever reads has stopped reading. */
export class ReaderGone extends Error {
  constructor() {
    super('nobody reads any more')
    this.name = 'ReaderGone'
  }
}

export class StandardOutput implements ExportTarget {
  /** When the system has taken it. */
  write(text: string): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<undefined>()
    process.stdout.write(text, (error) => {
      if (error === null || error === undefined) resolve(undefined)
      else reject(isAboutReader(error) ? new ReaderGone() : error)
    })
    return promise
  }

  keep(): Promise<void> {
    return Promise.resolve()
  }

  discard(): Promise<void> {
    return Promise.resolve()
  }
}

function isAboutReader(error: Error): boolean {
  return 'code' in error && (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED')
}
