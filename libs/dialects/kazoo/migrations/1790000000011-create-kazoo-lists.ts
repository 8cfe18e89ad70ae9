import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * For lists of an account's users: their order, and the names that clients look for. Names are cut, for what a B-tree takes
 * has an end, and they needn't have one where somebody else has set them.
 */
export class CreateKazooLists1790000000011 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX users_kazoo_order ON kitter.users
      (domain, left(split_part(searched, E'\\n', 4) || ' ' || split_part(searched, E'\\n', 3), 200), id)`)
    await runner.query('CREATE INDEX users_kazoo_first_name ON kitter.users (domain, left(first_name, 200))')
    await runner.query('CREATE INDEX users_kazoo_last_name ON kitter.users (domain, left(last_name, 200))')
    await runner.query('CREATE INDEX users_kazoo_modified ON kitter.users (domain, updated_at)')
  }

  async down(runner: QueryRunner): Promise<void> {
    const names = ['order', 'first_name', 'last_name', 'modified'].map((name) => `kitter.users_kazoo_${name}`)
    await runner.query(`DROP INDEX ${names.join(', ')}`)
  }
}
