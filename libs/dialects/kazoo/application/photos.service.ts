import { Injectable } from '@nestjs/common'
import type { Told } from '../domain/answers/told.ts'
import { toldOfUser } from '../domain/answers/told-of-user.ts'
import type { Photo } from '../domain/photo/photo.ts'
import { type Upload, uploadedPhoto } from '../domain/photo/uploaded-photo.ts'
import { BadIdentifier } from '../domain/problems/bad-identifier.ts'
import type { Asked } from './asked.ts'
import { PhotoStore } from './photo-store.ts'
import { KazooUsersService } from './users.service.ts'

/** Users' photos. */
@Injectable()
export class PhotosService {
  constructor(
    private readonly users: KazooUsersService,
    private readonly photos: PhotoStore,
  ) {}

  async read(asked: Asked): Promise<Photo> {
    const { user } = await this.users.seen(asked)
    const photo = await this.photos.find(user.id)
    if (photo === undefined) throw new BadIdentifier(asked.id)
    return photo
  }

  async put(asked: Asked, upload: Omit<Upload, 'bytes'>): Promise<Told> {
    const seen = await this.users.seenChangeable(asked)
    const bytes = Buffer.isBuffer(asked.body) ? asked.body : Buffer.alloc(0)
    if (!(await this.photos.put(seen.user.id, uploadedPhoto({ ...upload, bytes })))) throw new BadIdentifier(asked.id)
    return toldOfUser(seen, {})
  }

  /** Also where there is none. */
  async remove(asked: Asked): Promise<Told> {
    const seen = await this.users.seenChangeable(asked)
    await this.photos.remove(seen.user.id)
    return toldOfUser(seen, {})
  }
}
