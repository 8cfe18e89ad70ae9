import { longestLine } from '#infrastructure/row-files/reading'
import { counted } from '../../output/counted.ts'
import { printable } from '../../output/printable.ts'
import type { ExportedUser } from './exported-user.ts'
import { userLines, type UserLines } from './user-lines.ts'

const mostNamed = 10

/** The lines of users, without those that are longer than an import takes: it would refuse the whole file. */
export class ImportableLines {
  /** How many are left out. */
  leftOut = 0
  private readonly lines: UserLines
  private readonly named: string[] = []
  private hasOtherFormat: boolean

  constructor(lines: UserLines) {
    this.lines = lines
    this.hasOtherFormat = lines !== userLines.ndjson
  }

  of(users: readonly ExportedUser[]): readonly string[] {
    return users.flatMap((user) => {
      const line = this.lines.lineOf(user)
      if (isShortEnough(line)) return [line]
      this.leaveOut(user)
      return []
    })
  }

  /** Says who is left out, and why, fit for a terminal. */
  get sentence(): string {
    const are = this.leftOut === 1 ? 'is' : 'are'
    const more = this.leftOut - this.named.length
    const names = `${this.named.join(', ')}${more > 0 ? `, and ${more} more` : ''}`
    const hint = this.hasOtherFormat ? ' With --format ndjson they are short enough.' : ''
    return `${counted(this.leftOut, 'user')} ${are} left out, for no import takes lines of more than 1 MiB: ${names}.${hint}`
  }

  private leaveOut(user: ExportedUser): void {
    this.leftOut++
    const { domain = '' } = user.attributes
    if (this.named.length < mostNamed) this.named.push(printable(`${user.username} (${String(domain)})`))
    this.hasOtherFormat &&= isShortEnough(userLines.ndjson.lineOf(user))
  }
}

function isShortEnough(line: string): boolean {
  return Buffer.byteLength(line) <= longestLine
}
