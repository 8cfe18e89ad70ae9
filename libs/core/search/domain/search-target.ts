/** What users are searched by, besides their attributes. */
export const searchedFields = ['username', 'email', 'first_name', 'last_name', 'phone_number'] as const
export type SearchedField = (typeof searchedFields)[number]

export type SearchTarget = { readonly field: SearchedField } | { readonly attribute: string }

const prefix = 'attributes.'

/** `attributes.colour` is the attribute `colour`; the phone number may be called by its place among the attributes, too. */
export function targetNamed(name: string): SearchTarget | undefined {
  const attribute = name.startsWith(prefix) ? name.slice(prefix.length) : undefined
  const field = searchedFields.find((known) => known === name)
  if (field !== undefined) return { field }
  if (attribute === 'phone_number') return { field: attribute }
  return attribute === undefined || attribute === '' || attribute === 'domain' ? undefined : { attribute }
}

export function isPhoneNumber(target: SearchTarget): boolean {
  return 'field' in target && target.field === 'phone_number'
}
