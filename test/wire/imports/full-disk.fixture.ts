import type { DatabaseLook } from '../native/database-look.fixture.ts'

/** Makes Postgres refuse to write to tables as one does whose disk is full, and counts how often it did. */
export class FullDisk {
  private tables: readonly string[] = []

  private constructor(private readonly look: DatabaseLook) {}

  static async of(look: DatabaseLook): Promise<FullDisk> {
    await look.rows('CREATE SCHEMA full_disk')
    await look.rows('CREATE SEQUENCE full_disk.refusals')
    // what is refused takes nothing from a sequence back
    await look.rows(`
      CREATE FUNCTION full_disk.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        PERFORM nextval('full_disk.refusals');
        RAISE EXCEPTION 'could not extend file "base/1": No space left on device' USING ERRCODE = 'disk_full';
      END $$`)
    return new FullDisk(look)
  }

  async fill(...tables: readonly string[]): Promise<void> {
    this.tables = tables
    for (const table of tables)
      await this.look.rows(
        `CREATE TRIGGER full_disk BEFORE INSERT OR UPDATE ON ${table} EXECUTE FUNCTION full_disk.refuse()`,
      )
  }

  async refusals(): Promise<number> {
    const sql = 'SELECT CASE WHEN is_called THEN last_value ELSE 0 END AS refusals FROM full_disk.refusals'
    const [row] = await this.look.rows(sql)
    return Number(row?.['refusals'])
  }

  async free(): Promise<void> {
    for (const table of this.tables) await this.look.rows(`DROP TRIGGER full_disk ON ${table}`)
    this.tables = []
  }
}
