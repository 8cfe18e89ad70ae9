export class LineTooLong extends Error {
  readonly line: number

  constructor(line: number) {
    super(`line ${line} is longer than 1 MiB`)
    this.name = 'LineTooLong'
    this.line = line
  }
}
