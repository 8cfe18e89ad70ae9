/** A SIP account of a user, whose `ownerUri` is `wac-user:<id>`. The password is never shown, so the sandbox keeps none. */
export interface WacSipMapping {
  readonly id: string
  readonly ownerUri: string
  readonly credential: { readonly username: string; readonly password: '' }
}

const scheme = 'wac-user:'

export function ownerUriOf(userId: string): string {
  return `${scheme}${userId}`
}

/** The user's id; an owner that isn't a user has none. */
export function ownerIdOf(ownerUri: string): string {
  return ownerUri.startsWith(scheme) ? ownerUri.slice(scheme.length) : ''
}
