import pg from 'pg'
import type { Role } from '#kernel'
import type { TestKitter } from '../../support/test-kitter.ts'

/** What an operator does in Keycloak's console: gives an account these roles, and takes its others. */
export async function giveRoles({ databaseUrl }: TestKitter, userId: string, ...roles: readonly Role[]): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const { rowCount } = await client.query('UPDATE sandbox.accounts SET roles = $2 WHERE id = $1', [userId, roles])
    if (rowCount !== 1) throw new Error(`no account ${userId}`)
  } finally {
    await client.end()
  }
}
