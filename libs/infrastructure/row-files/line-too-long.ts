export class LineTooLong extends Error {
  constructor(readonly line: number) {
    super(`line ${line} is longer than 1 MiB`)
    this.name = 'LineTooLong'
  }
}
