/** Also for Postgres. */
export const generatedPattern = '^user_[0-9a-f]{32}$'

const generated = new RegExp(generatedPattern)

/** The username of a user that Kazoo's clients made without one: kitter has no user without. It's never shown to them. */
export function generatedName(hex: string): string {
  const name = `user_${hex}`
  if (!generated.test(name)) throw new Error('not 32 hexadecimal digits')
  return name
}

export function isGeneratedName(username: string): boolean {
  return generated.test(username)
}
