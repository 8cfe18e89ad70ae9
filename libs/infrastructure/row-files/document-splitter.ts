import { NotDocuments } from './not-documents.ts'
import { longestLine } from './split-lines.ts'

const [lineFeed, space, quote, backslash, comma] = [0x0a, 0x20, 0x22, 0x5c, 0x2c]
const [openList, closeList, open, close] = [0x5b, 0x5d, 0x7b, 0x7d]
const betweenValues = new Set([0x09, lineFeed, 0x0d, space])
const byteOrderMark = new Set([0xef, 0xbb, 0xbf])
const longestShown = 40

/** Puts each of some JSON documents on a line of its own, some bytes at a time. Whether they are JSON is for their reader to say. */
export class DocumentSplitter {
  private read = 0
  private line = 1
  /** Where the document began that has no end yet. */
  private begun = 1
  private depth = 0
  private length = 0
  private isInList = false
  private isInText = false
  private isEscaped = false

  /** The lines, or parts of them, that these bytes make; the bytes are changed. */
  add(bytes: Buffer): Buffer {
    const pieces: Buffer[] = []
    let start = 0
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes.readUInt8(at)
      if (this.depth > 0) this.go(byte)
      else if (this.begins(bytes, at)) start = at
      else continue
      if (byte === lineFeed) bytes[at] = space
      if (this.depth === 0) pieces.push(bytes.subarray(start, at + 1), Buffer.of(lineFeed))
    }
    if (this.depth > 0) pieces.push(bytes.subarray(start))
    this.read += bytes.length
    return Buffer.concat(pieces)
  }

  end(): void {
    if (this.depth > 0) throw new NotDocuments(`ends within the document that begins at line ${this.begun}`)
    if (this.isInList) throw new NotDocuments('ends before its list does')
  }

  /** Whether a document begins here, between others. */
  private begins(bytes: Buffer, at: number): boolean {
    const byte = bytes.readUInt8(at)
    if (byte === lineFeed) this.line += 1
    if (betweenValues.has(byte) || (this.read + at < byteOrderMark.size && byteOrderMark.has(byte))) return false
    if (byte === open || (byte === openList && this.isInList)) return this.begin()
    const isOfList = this.isInList ? byte === comma || byte === closeList : byte === openList
    if (!isOfList) throw new NotDocuments(`has no JSON document at line ${this.line}, but ${shown(bytes.subarray(at))}`)
    if (byte !== comma) this.isInList = byte === openList
    return false
  }

  private begin(): true {
    this.begun = this.line
    this.depth = 1
    this.length = 1
    return true
  }

  /** On, within a document. */
  private go(byte: number): void {
    this.length += 1
    if (this.length > longestLine) {
      throw new NotDocuments(`has a document of more than 1 MiB, or without an end, that begins at line ${this.begun}`)
    }
    if (byte === lineFeed) this.line += 1
    if (this.isInText) this.goInText(byte)
    else if (byte === quote) this.isInText = true
    else if (byte === open || byte === openList) this.depth += 1
    else if (byte === close || byte === closeList) this.depth -= 1
  }

  private goInText(byte: number): void {
    // it would become a space: nobody changes what a text says
    if (byte === lineFeed) throw new NotDocuments(`has a text that isn't closed at line ${this.line - 1}`)
    this.isInText = byte !== quote || this.isEscaped
    this.isEscaped = byte === backslash && !this.isEscaped
  }
}

function shown(bytes: Buffer): string {
  const [line = ''] = bytes
    .subarray(0, longestShown)
    .toString()
    .split(/[\r\n]/)
  return `"${line.trim()}"`
}
