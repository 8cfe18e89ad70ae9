import { expect, it } from 'vitest'
import { findPostgresBinaries } from './find-postgres-binaries.ts'

it('finds the binaries for this machine, and their version', async () => {
  const { initdb, postgres, major } = await findPostgresBinaries()
  expect(initdb).toMatch(/\/bin\/initdb$/)
  expect(postgres).toMatch(/\/bin\/postgres$/)
  expect(major).toMatch(/^\d\d$/)
})

it.each([
  ['sunos-sparc', 'no binaries of it are installed for sunos-sparc'],
  ['win32-x64', 'on win32-x64: it is not made for Windows'],
])('tells what to do on %s', async (system, reason) => {
  await expect(findPostgresBinaries(system)).rejects.toThrow(
    `The embedded Postgres can't run here (${reason}): set DATABASE_URL to a Postgres 15 or newer.`,
  )
})
