import { addedColumns } from './added-columns.ts'

/** The columns of a file as the service understands them. */
export class CsvHeader {
  readonly size: number
  /** Of each column, whether line breaks may stand in its cells: the service counts rows by that. */
  readonly mayBreak: readonly boolean[]
  private readonly names: readonly string[]
  private readonly isKept: readonly boolean[]
  private readonly usernameAt: number

  /** `columnNames` are what the file calls columns that kitter knows by other names. */
  constructor(cells: readonly string[], columnNames: ReadonlyMap<string, string>) {
    this.names = cells.map((name) => name.trim())
    this.size = this.names.length
    const meanings = new Map([...columnNames].map(([column, name]) => [name.trim(), column]))
    const columns = this.names.map((name) => meanings.get(name) ?? (columnNames.has(name) ? undefined : name))
    this.mayBreak = columns.map((column) => column !== undefined && /^attributes(\..+)?$/s.test(column))
    this.isKept = this.names.map((name) => meanings.has(name) || !addedColumns.some((added) => added === name))
    this.usernameAt = columns.indexOf('username')
  }

  /** The first line of a file with some of the rows. */
  get ofRefused(): readonly string[] {
    return [...this.kept(this.names), ...addedColumns]
  }

  get hasUsername(): boolean {
    return this.usernameAt !== -1
  }

  usernameIn(cells: readonly string[]): string | undefined {
    return cells[this.usernameAt]?.trim()
  }

  /**
   * A row in such a file. Nobody knows which cells are too many or too few: they all stay, so that the row is refused again unless
   * it was mended. An empty one more keeps them from being as many as there are columns.
   */
  refused(cells: readonly string[], ...added: readonly [reason: string, line: string]): readonly string[] {
    if (cells.length === this.size) return [...this.kept(cells), ...added]
    const wouldFit = cells.length === this.kept(this.names).length
    return [...cells, ...(wouldFit ? [''] : []), ...added]
  }

  private kept(cells: readonly string[]): readonly string[] {
    return cells.filter((_, index) => this.isKept[index])
  }
}
