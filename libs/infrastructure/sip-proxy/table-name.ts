const plainName = /^[\p{L}_][\p{L}\p{N}_$]*$/u
const part = String.raw`"(?:[^"\0]|"")+"|[^".\s]+`
const wholeName = new RegExp(`^(?:(${part})\\.)?(${part})$`)

/**
 * Where a table lies. Read as Kamailio and SQL read it: in lower case, save what is in quotation marks. Without a schema
 * it's one in `public`, whatever the search path of whoever asks.
 */
export class TableName {
  static readonly stock = new TableName('public', 'htable')

  private constructor(
    readonly schema: string,
    readonly table: string,
  ) {}

  /** Nothing for what is no table's name. */
  static parse(text: string): TableName | undefined {
    const [, schemaText = 'public', tableText = ''] = wholeName.exec(text) ?? []
    const [schema, table] = [identifierOf(schemaText), identifierOf(tableText)]
    return schema === undefined || table === undefined ? undefined : new TableName(schema, table)
  }

  /** For a statement: quoted, so that nothing in it is more than a name. */
  get sql(): string {
    return `${quoted(this.schema)}.${quoted(this.table)}`
  }

  equals(other: TableName): boolean {
    return this.sql === other.sql
  }

  /** For people, and for `HTABLE_TABLE`. */
  toString(): string {
    return [this.schema, this.table].map((name) => (isPlain(name) ? name : quoted(name))).join('.')
  }
}

function identifierOf(text: string): string | undefined {
  if (text.startsWith('"')) return text.slice(1, -1).replaceAll('""', '"')
  return plainName.test(text) ? text.toLowerCase() : undefined
}

function isPlain(name: string): boolean {
  return plainName.test(name) && name === name.toLowerCase()
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
