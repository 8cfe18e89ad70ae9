import type { Domain, DomainName } from '#core/domains'
import type { Import } from '../domain/import.ts'
import type { TakenName, WrittenRow } from './import-shifts.ts'
import { Turns } from './turns.ts'
import type { WorkingShift } from './working-shift.ts'

/** What the rows of one shift share. */
export class ImportWork {
  readonly turns = new Turns()
  /** Domains that are being looked for or created, each once, however many rows want it at the same time. */
  readonly domains = new Map<DomainName, Promise<void>>()
  /** The names at wac-core, which a dry run asks once. */
  private atRegistry: Promise<ReadonlySet<DomainName>> | undefined
  /** What rows of a dry run take that isn't written down yet. */
  private readonly takes = new Map<string, string>()

  constructor(
    readonly shift: WorkingShift,
    /** Up to which row somebody may have worked before. */
    private readonly knownUntil: number,
  ) {}

  get import(): Import {
    return this.shift.import
  }

  /** Whether an earlier shift may have made the row's change. */
  mayHaveCome(row: number): boolean {
    return row <= this.knownUntil
  }

  /** For a row that has come in this shift, too. */
  again(): ImportWork {
    return new ImportWork(this.shift, Infinity)
  }

  async registered(list: () => Promise<readonly Domain[]>): Promise<ReadonlySet<DomainName>> {
    this.atRegistry ??= list().then((domains) => new Set(domains.map(({ name }) => name)))
    try {
      return await this.atRegistry
    } catch (error) {
      this.atRegistry = undefined
      throw error
    }
  }

  requireOn(): void {
    this.shift.requireOn()
  }

  take(names: readonly TakenName[]): void {
    for (const { name, by } of names) this.takes.set(name, by)
  }

  written(rows: readonly WrittenRow[]): void {
    for (const { takes } of rows) for (const { name } of takes) this.takes.delete(name)
  }

  /** What an earlier row of a dry run took. Those not written are asked first: they may be written meanwhile. */
  async takenBy(names: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const recent = names.flatMap((name) => {
      const by = this.takes.get(name)
      return by === undefined ? [] : [[name, by] as const]
    })
    const written = await this.shift.takenNames(names)
    return new Map([...written, ...recent])
  }
}
