import { JSONParser } from '@streamparser/json'
import { BrokenList } from './broken-list.ts'

const spaces = new Set(Buffer.from(' \t\r\n'))
const bracket = '['.charCodeAt(0)

/** Takes one JSON array bit by bit, and keeps no element that was given out. */
export class ListReader {
  /** Without the stack, an array forgets its elements as they come. */
  private readonly parser = new JSONParser({ paths: ['$.*'], keepStack: false })
  private isBegun = false
  private complete: unknown[] = []

  constructor() {
    this.parser.onValue = ({ value }) => void this.complete.push(value)
  }

  /** The elements that end in this bit. */
  take(bit: Uint8Array): readonly unknown[] {
    this.begin(bit)
    this.complete = []
    try {
      this.parser.write(bit)
    } catch {
      // its own words would repeat what is in the list
      throw new BrokenList('is no JSON')
    }
    return this.complete
  }

  /** Nothing more comes. */
  end(): void {
    if (!this.parser.isEnded) throw new BrokenList('breaks off')
  }

  /** The parser takes any JSON, and would find no elements in most of it. */
  private begin(bit: Uint8Array): void {
    if (this.isBegun) return
    const first = bit.find((byte) => !spaces.has(byte))
    if (first !== undefined && first !== bracket) throw new BrokenList('is no list in JSON')
    this.isBegun = first !== undefined
  }
}
