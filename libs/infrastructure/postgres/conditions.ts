/** A WHERE clause and its parameters, put together piece by piece; values never become part of the SQL. */
export class Conditions {
  private readonly clauses: readonly string[]
  readonly parameters: readonly unknown[]

  constructor(clauses: readonly string[] = [], parameters: readonly unknown[] = []) {
    this.clauses = clauses
    this.parameters = parameters
  }

  and(clause: (value: (parameter: unknown) => string) => string): Conditions {
    const parameters = [...this.parameters]
    const text = clause((parameter) => `$${parameters.push(parameter)}`)
    return new Conditions([...this.clauses, text], parameters)
  }

  /** Nothing is added where the value is absent. */
  given(parameter: unknown, clause: (value: string) => string): Conditions {
    return parameter === undefined ? this : this.and((value) => clause(value(parameter)))
  }

  get where(): string {
    return this.clauses.length === 0 ? '' : `WHERE ${this.clauses.join(' AND ')}`
  }
}

/** A LIKE pattern for any text with this part, also an empty one; wildcards in it are literal. */
export function containing(part: string | undefined): string | undefined {
  return part === undefined ? undefined : `%${literal(part)}%`
}

/** A LIKE pattern for just this text. */
export function literal(text: string): string {
  return text.replace(/[\\%_]/g, String.raw`\$&`)
}

/**
 * A condition that is nearly always true beside another one, which an index serves. Postgres would multiply their likelihoods,
 * and go another way than that of the index or of the order; of what is not NULL it expects that it is nearly everything.
 */
export function surely(condition: string): string {
  return `nullif(${condition}, false) IS NOT NULL`
}
