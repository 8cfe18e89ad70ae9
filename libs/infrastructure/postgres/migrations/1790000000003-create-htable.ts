import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * The stock table of Kamailio's htable module (5.6, table_version 2), for a sip-proxy that reads kitter's database.
 * One that is there already stays as it is, and stays when kitter goes.
 */
export class CreateHtable1790000000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE IF NOT EXISTS public.htable (
        id serial PRIMARY KEY NOT NULL,
        key_name varchar(64) DEFAULT '' NOT NULL,
        key_type integer DEFAULT 0 NOT NULL,
        value_type integer DEFAULT 0 NOT NULL,
        key_value varchar(128) DEFAULT '' NOT NULL,
        expires integer DEFAULT 0 NOT NULL
      )`)
  }

  async down(): Promise<void> {
    // the sip-proxy's, not ours to drop
  }
}
