/** An address that is another one than before isn't verified: nobody has looked whether it's theirs. */
export function unverifiedIfNew(
  email: string | undefined,
  before: string | undefined,
): { readonly emailVerified?: false } {
  return email?.toLowerCase() === before?.toLowerCase() ? {} : { emailVerified: false }
}
