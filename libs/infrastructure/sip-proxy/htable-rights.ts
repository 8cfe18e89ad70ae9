import type { Finding } from '#core/health'
import type { Queries } from '#infrastructure/postgres'
import type { TableName } from './table-name.ts'

interface Rights {
  readonly role: string
  readonly usage: boolean
  readonly select: boolean
  readonly insert: boolean
  readonly delete: boolean
  /** Of `id`, where it has one that asks for a right. */
  readonly sequence: string | null
  readonly draw: boolean | null
}

/** What kitter may do with a table that is there. */
export async function rightsOn(queries: Queries, { schema, table }: TableName): Promise<Rights | undefined> {
  const sql = `
    SELECT current_user AS role,
      has_schema_privilege(n.oid, 'USAGE') AS usage,
      has_table_privilege(c.oid, 'SELECT') AS select,
      has_table_privilege(c.oid, 'INSERT') AS insert,
      has_table_privilege(c.oid, 'DELETE') AS delete,
      s.oid::regclass::text AS sequence,
      has_sequence_privilege(s.oid, 'USAGE') OR has_sequence_privilege(s.oid, 'UPDATE') AS draw
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'id'
    LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
    LEFT JOIN pg_depend p ON p.objid = d.oid AND p.classid = 'pg_attrdef'::regclass AND p.refclassid = 'pg_class'::regclass
      AND p.refobjid <> c.oid
    LEFT JOIN pg_class s ON s.oid = p.refobjid AND s.relkind = 'S'
    WHERE n.nspname = $1 AND c.relname = $2
    ORDER BY s.oid NULLS LAST LIMIT 1`
  return (await queries.rows<Rights>(sql, schema, table))[0]
}

/** Those that are missing. */
export function rightProblems(table: TableName, rights: Rights): readonly Finding[] {
  const role = `"${rights.role.replaceAll('"', '""')}"`
  const missing = (['select', 'insert', 'delete'] as const).filter((right) => !rights[right])
  return [
    ...(rights.usage
      ? []
      : [problem(`use the schema ${table.schema}`, `GRANT USAGE ON SCHEMA ${schemaOf(table)} TO ${role}`)]),
    ...missing.map((right) =>
      problem(
        `${right.toUpperCase()} on the htable ${String(table)}`,
        `GRANT ${right.toUpperCase()} ON ${table.sql} TO ${role}`,
      ),
    ),
    ...(rights.sequence !== null && rights.draw === false
      ? [
          problem(
            `draw ids from the sequence ${rights.sequence}`,
            `GRANT USAGE ON SEQUENCE ${rights.sequence} TO ${role}`,
          ),
        ]
      : []),
  ]

  function problem(right: string, mend: string): Finding {
    return { state: 'wrong', sentence: `The role ${rights.role} may not ${right}.`, mend }
  }
}

function schemaOf({ schema }: TableName): string {
  return `"${schema.replaceAll('"', '""')}"`
}
