import type { QueryRunner } from 'typeorm'
import { StartError } from '#kernel'

export const neededExtensions = ['pg_trgm', 'unaccent'] as const

/** The schema of an extension, which is made in kitter's own if it isn't there yet. */
export async function needExtension(runner: QueryRunner, name: (typeof neededExtensions)[number]): Promise<string> {
  return (await schemaOf(runner, name)) ?? (await create(runner, name))
}

async function schemaOf(runner: QueryRunner, name: string): Promise<string | undefined> {
  const found = await runner.manager.query<{ readonly schema: string }[]>(
    `SELECT quote_ident(nspname) AS schema FROM pg_extension JOIN pg_namespace n ON n.oid = extnamespace WHERE extname = $1`,
    [name],
  )
  return found[0]?.schema
}

/** Both that kitter needs are "trusted": whoever may create in the database may create them. */
async function create(runner: QueryRunner, name: string): Promise<string> {
  try {
    await runner.query(`CREATE EXTENSION ${name} SCHEMA kitter`)
    return 'kitter'
  } catch (cause) {
    throw new StartError(
      `kitter needs the Postgres extension ${name}, and can't create it: ${reasonOf(cause)}. Where the server has it ` +
        `(package postgresql-contrib), have its administrator run "CREATE EXTENSION ${name}" in kitter's database, then start again.`,
      { cause },
    )
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
