export const requiredColumns = ['username', 'domain'] as const

/** The columns that people are described by, as in kitter's API. */
export const peopleColumns = [
  ...requiredColumns,
  'email',
  'first_name',
  'last_name',
  'phone_number',
  'enabled',
  'email_verified',
  'password',
  'temporary',
] as const

export type PeopleColumn = (typeof peopleColumns)[number]

/** What the file of refused rows adds: ignored when that file is mended and imported. */
export const refusedColumns = ['reason', 'line'] as const

export function isPeopleColumn(name: string): name is PeopleColumn {
  return peopleColumns.some((known) => known === name)
}

export function isRefusedColumn(name: string): boolean {
  return refusedColumns.some((known) => known === name)
}
