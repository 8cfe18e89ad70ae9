import { Controller, Delete, Get, HttpCode, Post, UseGuards } from '@nestjs/common'
import { ApiTags } from '@nestjs/swagger'
import { ChangesAlsoOwn, GivesMuch, ReadsAlsoOwn, TakesBytes } from '#rest'
import type { Asked } from '../application/asked.ts'
import { PhotosService } from '../application/photos.service.ts'
import type { Told } from '../domain/answers/told.ts'
import type { Upload } from '../domain/photo/uploaded-photo.ts'
import { AcceptGuard, Answers } from './accept.guard.ts'
import { CurrentRequest } from './current-request.ts'
import { Described } from './documentation/described.ts'
import { operations } from './documentation/operations.ts'
import { accountPaths } from './paths.ts'
import { photoAnswer } from './photo-answer.ts'
import { photosGiven } from './photos-given.ts'
import { photosTaken } from './photos-taken.ts'
import type { RawAnswer } from './raw-answer.ts'
import { UploadHeaders } from './upload-headers.ts'
import { Verb } from './verb.ts'

@ApiTags('photos')
@Controller(accountPaths.map((path) => `${path}/users/:id/photo`))
@UseGuards(AcceptGuard)
export class PhotosController {
  constructor(private readonly photos: PhotosService) {}

  @Get()
  @Described(operations.readPhoto)
  @Answers('application/octet-stream', 'application/base64')
  @ReadsAlsoOwn()
  @GivesMuch(photosGiven)
  async read(@CurrentRequest() asked: Asked): Promise<RawAnswer> {
    return photoAnswer(await this.photos.read(asked))
  }

  @Post()
  @Described(operations.putPhoto)
  @ChangesAlsoOwn('kazoo.photo.put')
  @TakesBytes(photosTaken)
  @HttpCode(200)
  put(
    @CurrentRequest() asked: Asked,
    @Verb() verb: string,
    @UploadHeaders() headers: Omit<Upload, 'bytes'>,
  ): Promise<Told> {
    return verb === 'DELETE' ? this.photos.remove(asked) : this.photos.put(asked, headers)
  }

  @Delete()
  @Described(operations.removePhoto)
  @ChangesAlsoOwn('kazoo.photo.delete')
  remove(@CurrentRequest() asked: Asked): Promise<Told> {
    return this.photos.remove(asked)
  }
}
