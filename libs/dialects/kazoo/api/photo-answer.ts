import type { Photo } from '../domain/photo/photo.ts'
import { RawAnswer } from './raw-answer.ts'

/** Whatever it says to be, a browser shall not show it as a page of this host. */
export function photoAnswer({ bytes, contentType }: Photo): RawAnswer {
  // the same bytes: a copy would be twice as much
  return new RawAnswer(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), {
    'content-type': contentType,
    'content-disposition': 'attachment; filename=photo',
    'x-content-type-options': 'nosniff',
  })
}
