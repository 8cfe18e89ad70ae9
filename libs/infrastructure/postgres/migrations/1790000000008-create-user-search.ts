import type { MigrationInterface, QueryRunner } from 'typeorm'
import { neededExtensions, needExtension } from './need-extension.ts'

/**
 * What users are searched by: texts without case and accents, and trigrams of them. `folded` says IMMUTABLE of what follows
 * from its argument and the server's dictionary alone, which Postgres can't know.
 */
export class CreateUserSearch1790000000008 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const trigrams = await needExtension(runner, 'pg_trgm')
    await this.createFolding(runner, await needExtension(runner, 'unaccent'))
    await this.createAttributeFolding(runner)
    await this.addColumns(runner)
    await runner.query(`
      CREATE INDEX users_searched ON kitter.users USING gin (searched ${trigrams}.gin_trgm_ops)`)
    await runner.query(`
      CREATE INDEX users_searched_attributes
      ON kitter.users USING gin (searched_attributes ${trigrams}.gin_trgm_ops) WHERE searched_attributes <> ''`)
    await runner.query('CREATE INDEX users_created ON kitter.users (created_at, id)')
    // cut: folding makes up to 18 letters of one, and a row of a B-tree has to fit in a third of a page
    await runner.query(`
      CREATE INDEX users_names
      ON kitter.users (left(split_part(searched, E'\\n', 4) || E'\\n' || split_part(searched, E'\\n', 3), 200), id)`)
    // here, so that no search writes anything
    await runner.query(`
      INSERT INTO kitter.secrets (name, value)
      VALUES ('search', decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex'))`)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("DELETE FROM kitter.secrets WHERE name = 'search'")
    await runner.query('DROP INDEX kitter.users_created')
    await runner.query('ALTER TABLE kitter.users DROP COLUMN searched, DROP COLUMN searched_attributes')
    await runner.query('DROP FUNCTION kitter.folded_attributes, kitter.folded_pattern, kitter.folded, kitter.digits')
    for (const extension of neededExtensions) await dropOwnExtension(runner, extension)
  }

  /** Compatibility forms, marks (U+0300 to U+036F), letters with strokes and ligatures, case, and the final sigma. */
  private async createFolding(runner: QueryRunner, unaccent: string): Promise<void> {
    const withoutMarks = `normalize(regexp_replace(normalize($1, NFKD), U&'[\\0300-\\036f]', '', 'g'), NFKC)`
    const letters = `${unaccent}.unaccent('${unaccent}.unaccent'::regdictionary, ${withoutMarks})`
    await runner.query(`
      CREATE FUNCTION kitter.folded(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
      RETURN translate(lower(${letters} COLLATE ${await collationOf(runner)}) COLLATE "C", U&'\\03c2\\000a', U&'\\03c3 ')`)
    await runner.query(String.raw`
      CREATE FUNCTION kitter.folded_pattern(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
      RETURN regexp_replace(kitter.folded($1), '[\\%_]', '\\\&', 'g')`)
    await runner.query(`
      CREATE FUNCTION kitter.digits(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
      RETURN regexp_replace(translate(normalize($1, NFKC), '٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹', '01234567890123456789'), '[^0-9]', '', 'g')`)
  }

  /**
   * A user may have more attributes than can be indexed in the time that a statement has, and folding makes them longer: a
   * thousand values are searched, and of each as many letters as a key and a value may have.
   */
  private async createAttributeFolding(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE FUNCTION kitter.folded_attributes(jsonb) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
      RETURN (
        SELECT coalesce(string_agg(E'\\n' || left(kitter.folded(key || '=' || value), 2304), '') || E'\\n', '')
        FROM (
          SELECT key, value FROM jsonb_each($1) AS attribute (key, list), jsonb_array_elements_text(list) AS value
          LIMIT 1000) AS searched)`)
  }

  /** One text for all fields, each in a line of its own, so that one index serves them all. */
  private async addColumns(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE kitter.users
        ADD COLUMN searched text COLLATE "C" NOT NULL GENERATED ALWAYS AS (
          kitter.folded(username) || E'\\n' || coalesce(kitter.folded(email), '') || E'\\n' ||
          coalesce(kitter.folded(first_name), '') || E'\\n' || coalesce(kitter.folded(last_name), '') || E'\\n' ||
          coalesce(kitter.digits(phone_number), '')) STORED,
        ADD COLUMN searched_attributes text COLLATE "C" NOT NULL
          GENERATED ALWAYS AS (kitter.folded_attributes(attributes)) STORED`)
    await runner.query(`
      ALTER TABLE kitter.users
        ALTER COLUMN searched SET STATISTICS 500, ALTER COLUMN searched_attributes SET STATISTICS 500`)
  }
}

/** Of what the server has, the one that changes least with its libraries. */
async function collationOf(runner: QueryRunner): Promise<string> {
  const found = await runner.manager.query<{ readonly name: string }[]>(`
    SELECT quote_ident(collname) AS name FROM pg_collation
    WHERE collnamespace = 'pg_catalog'::regnamespace AND collname IN ('pg_c_utf8', 'und-x-icu', 'default')
    ORDER BY array_position(ARRAY['pg_c_utf8', 'und-x-icu', 'default'], collname::text) LIMIT 1`)
  return `pg_catalog.${found[0]?.name ?? '"default"'}`
}

/** One that was there before kitter, or lies elsewhere, is somebody else's. */
async function dropOwnExtension(runner: QueryRunner, name: string): Promise<void> {
  const own = await runner.manager.query<unknown[]>(
    `SELECT 1 FROM pg_extension WHERE extname = $1 AND extnamespace = 'kitter'::regnamespace`,
    [name],
  )
  if (own.length > 0) await runner.query(`DROP EXTENSION ${name}`)
}
