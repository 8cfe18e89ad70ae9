import type { Photo } from '../domain/vcard/vcard.ts'

/** Users' photos, which go with their users. */
export abstract class PhotoStore {
  abstract find(userId: string): Promise<Photo | undefined>
  /** In the place of the one before; whether there is such a user. */
  abstract put(userId: string, photo: Photo): Promise<boolean>
  abstract remove(userId: string): Promise<void>
}
