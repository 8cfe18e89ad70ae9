/** Where a digest is good. Two users of one domain never have the same digest, for their names are in it. */
export interface DigestPlace {
  readonly name: string
  readonly domain: string
}

/**
 * Hashes what people sign in with, as dear to try out as a password. Of the same digest in the same place it always makes the
 * same hash, by which its owner is found; elsewhere, and in another installation, another one.
 */
export abstract class DigestHashing {
  abstract hash(digest: string, place: DigestPlace): Promise<string>
}
