/** Who works on an import. Each taking over makes a new turn; what is written in an earlier one is refused. */
export interface Shift {
  readonly id: string
  readonly turn: number
}

/** Somebody has cancelled it, or another replica works on it. */
export class ShiftOver extends Error {
  constructor(id: string) {
    super(`import ${id} was cancelled or is carried on by another replica`)
    this.name = 'ShiftOver'
  }
}
