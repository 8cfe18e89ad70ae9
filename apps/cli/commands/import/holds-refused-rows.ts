import { createReadStream } from 'node:fs'
import { isPlainObject, jsonIn } from '#kernel'
import { readRecords, splitLines } from '#infrastructure/row-files/reading'
import { addedColumns } from './added-columns.ts'

/** Whether a file is one of refused rows: a header that ends as theirs does, or a document with a reason and a line. */
export async function holdsRefusedRows(path: string): Promise<boolean> {
  try {
    return (await hasHeader(createReadStream(path))) || (await hasDocument(createReadStream(path)))
  } catch {
    // it can't be read, or not by lines
    return false
  }
}

async function hasHeader(content: AsyncIterable<Uint8Array>): Promise<boolean> {
  for await (const { cells } of readRecords(splitLines(content))) {
    const last = cells.slice(-addedColumns.length).map((name) => name.trim())
    return cells.length > addedColumns.length && addedColumns.every((name, index) => last[index] === name)
  }
  return false
}

/** Those before it may have been none. */
async function hasDocument(content: AsyncIterable<Uint8Array>): Promise<boolean> {
  for await (const { bytes } of splitLines(content)) {
    const document = bytes.includes('"reason"') ? jsonIn(bytes.toString()) : undefined
    if (isPlainObject(document) && typeof document['reason'] === 'string' && typeof document['line'] === 'number')
      return true
  }
  return false
}
