import type { Photo } from '../domain/photo/photo.ts'

/** Photos that are wanted; others aren't even read. */
export interface WantedPhotos {
  readonly contentType: string
  readonly mostBytes: number
}

/** Users' photos, which go with their users. */
export abstract class PhotoStore {
  abstract find(userId: string, wanted?: WantedPhotos): Promise<Photo | undefined>
  /** In the place of the one before; whether there is such a user. */
  abstract put(userId: string, photo: Photo): Promise<boolean>
  abstract remove(userId: string): Promise<void>
}
