import type { Queries } from '#infrastructure/postgres'

/** Those that know all letters, best first. Which of them a database has depends on its version, its build and its encoding. */
const collations = ['und-x-icu', 'pg_c_utf8', 'C.utf8', 'C.UTF-8']

/**
 * A collation by which a database knows the capitals of all letters, whatever its own locale. Without one it knows those of
 * its locale only, under `C` those of ASCII.
 */
export async function foldingCollation(queries: Queries): Promise<string | undefined> {
  const sql = `
    SELECT collname AS name FROM pg_collation
    WHERE collname = ANY ($1) AND collnamespace = 'pg_catalog'::regnamespace AND getdatabaseencoding() <> 'SQL_ASCII'
      AND collencoding IN (-1, pg_char_to_encoding(getdatabaseencoding()))
    ORDER BY array_position($1, collname::text) LIMIT 1`
  return (await queries.rows<{ readonly name: string }>(sql, collations))[0]?.name
}
