import { type Interruption, whileInterruptible } from '../../interruption.ts'
import { byteCount } from '../../output/byte-count.ts'
import type { Progress } from '../../output/progress.ts'
import type { ImportFile } from './import-file.ts'
import type { Import } from './import-shape.ts'
import type { ImportWish } from './import-wish.ts'
import type { Imports } from './imports.ts'
import type { Source } from './source.ts'
import { UploadProgress } from './upload-progress.ts'

export interface Start {
  readonly source: Source
  readonly wish: ImportWish
  readonly progress: Progress
  /** The service's; aborting the signal ends all waiting for one that is away. */
  readonly connect: (signal: AbortSignal) => Imports
}

export interface Started {
  /** Nothing where somebody interrupted it before. */
  readonly begun: Import | undefined
  readonly file: ImportFile | undefined
  readonly interruption: Interruption | undefined
  /** Whether the service had all of the file, and just didn't answer. */
  readonly isUncertain: boolean
}

/** Sends the file. When somebody interrupts that, no import is left, unless the service had all of it already. */
export async function startImport({ source, wish, progress, connect }: Start): Promise<Started> {
  const stop = new AbortController()
  let interruption: Interruption | undefined
  let file: ImportFile | undefined
  let isUncertain = false
  const interrupt = (cause: Interruption): void => {
    progress.say('Ending the upload. Ctrl-C again leaves at once.')
    interruption = cause
    stop.abort()
  }
  const work = async (): Promise<Import> => {
    progress.start(reading(source, 0))
    const loaded = await source.load((read) => progress.update(reading(source, read)), stop.signal)
    file = loaded
    const sending = new UploadProgress(source.name, loaded.size)
    const onSent = (sent: number): void => {
      isUncertain ||= sent === loaded.size
      progress.update(sending.of(sent))
    }
    return connect(stop.signal).start(wish, loaded, { onSent, signal: stop.signal })
  }
  try {
    const begun = await whileInterruptible(() => unlessBrokenOff(stop.signal, work), interrupt)
    return { begun, file, interruption, isUncertain }
  } finally {
    progress.stop()
  }
}

function reading({ name }: Source, read: number): { readonly text: string } {
  return { text: `Reading ${name}: ${byteCount(read)}` }
}

/** What fails because it was broken off isn't worth telling. */
async function unlessBrokenOff<Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await work()
  } catch (error) {
    if (signal.aborted) return undefined
    throw error
  }
}
