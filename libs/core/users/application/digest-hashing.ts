/** Where a digest is good. Two users of one domain never have the same digest, for their names are in it. */
export interface DigestPlace {
  readonly name: string
  readonly domain: string
}

/** Of a new password, to be kept, or tried by somebody who would sign in: many of one kind keep none of the other waiting. */
export type DigestOccasion = 'new' | 'tried'

/**
 * Hashes what people sign in with, as dear to try out as a password. Of the same digest in the same place it always makes the
 * same hash, by which its owner is found; elsewhere, and in another installation, another one.
 */
export abstract class DigestHashing {
  /** `service.unavailable` where so many wait that it would take too long. */
  abstract hash(digest: string, place: DigestPlace, occasion: DigestOccasion): Promise<string>
}
