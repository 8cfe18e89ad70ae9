import { StartError } from '#kernel'
import { errorCode } from './error-code.ts'

const elsewhere = 'set KITTER_DATA_DIR to another folder, or DATABASE_URL to a Postgres 15 or newer'

const isFile = (path: string): string =>
  `kitter's data folder ${path} can't be made, for it or a part of its path is a file: ${elsewhere}.`
const isClosed = (path: string): string =>
  `kitter may not read and write all of its data folder ${path}: give its user the right, ${elsewhere}.`
const isReadOnly = (path: string): string => `kitter's data folder ${path} is on a read-only disk: ${elsewhere}.`
const isFull = (path: string): string => `The disk of kitter's data folder ${path} is full: make room, ${elsewhere}.`

const sentences = new Map([
  ['EEXIST', isFile],
  ['ENOTDIR', isFile],
  ['EACCES', isClosed],
  ['EPERM', isClosed],
  ['EROFS', isReadOnly],
  ['ENOSPC', isFull],
  ['EDQUOT', isFull],
])

/** What the system said about the data folder, in a sentence for the operator. Other errors stay what they are. */
export function dataFolderError(path: string, error: unknown): unknown {
  const code = errorCode(error)
  if (error instanceof StartError || code === undefined || !/^E[A-Z]+$/.test(code)) return error
  const sentence = sentences.get(code)?.(path) ?? `kitter can't use its data folder ${path} (${code}): ${elsewhere}.`
  return new StartError(sentence, { cause: error })
}
