import { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type { PrivateFile } from '../../output/private-file.ts'
import type { ExportTarget } from './export-target.ts'

/** A file that is packed with gzip on the way. */
export class PackedTarget implements ExportTarget {
  private readonly file: PrivateFile
  private readonly gzip = createGzip()
  private readonly flowing: Promise<void>

  constructor(file: PrivateFile) {
    this.file = file
    const write = (chunk: Buffer, _encoding: unknown, done: (error?: Error) => void): void => {
      file.write(chunk).then(() => done(), done)
    }
    this.flowing = pipeline(this.gzip, new Writable({ write }))
    // whoever writes hears of it
    this.flowing.catch(() => undefined)
  }

  async write(text: string): Promise<void> {
    const { promise: taken, resolve } = Promise.withResolvers<undefined>()
    this.gzip.write(text, () => resolve(undefined))
    // a failure ends the flow
    await Promise.race([taken, this.flowing])
  }

  async keep(): Promise<void> {
    this.gzip.end()
    await this.flowing
    await this.file.keep()
  }

  async discard(): Promise<void> {
    this.gzip.destroy()
    await this.flowing.catch(() => undefined)
    await this.file.discard()
  }
}
