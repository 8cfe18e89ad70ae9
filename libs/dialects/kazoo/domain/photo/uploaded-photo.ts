import { required, unfit } from '../problems/found-problems.ts'
import { InvalidDocument } from '../problems/invalid-document.ts'
import { largestPhoto, PhotoTooLarge } from '../problems/photo-too-large.ts'
import type { Photo } from './photo.ts'

export interface Upload {
  readonly bytes: Buffer
  readonly contentType: string | undefined
  readonly transferEncoding: string | undefined
}

const mediaType = /^[a-z0-9][\w!#$&^.+-]*\/[a-z0-9][\w!#$&^.+-]*$/
const dataUrl = /^data:([^;,]*)[^,]{0,200};base64,/i
const base64 = /^[A-Za-z0-9+/]*={0,2}$/
/** What comes before the content; a longer one is none. */
const longestPrefix = 300

/** The photo that a request brings: as it is, or in base64, then perhaps as a `data:` URL that says what it is. */
export function uploadedPhoto({ bytes, contentType, transferEncoding }: Upload): Photo {
  const isText = transferEncoding?.trim().toLowerCase() === 'base64' || typeIn(contentType) === 'application/base64'
  const photo = isText ? decoded(bytes.toString('latin1'), contentType) : { bytes, contentType: typeIn(contentType) }
  if (photo.bytes.length > largestPhoto) throw new PhotoTooLarge()
  if (photo.bytes.length === 0) throw new InvalidDocument([required(['file'])])
  return photo
}

function decoded(text: string, contentType: string | undefined): Photo {
  const [prefix = '', type] = dataUrl.exec(text.slice(0, longestPrefix)) ?? []
  const content = text.slice(prefix.length).replaceAll(/\s/g, '')
  if (!base64.test(content)) throw new InvalidDocument([unfit(['file'], 'Value must be base64')])
  return { bytes: Buffer.from(content, 'base64'), contentType: typeIn(type === '' ? undefined : (type ?? contentType)) }
}

/** Without parameters. What is none is bytes. */
function typeIn(contentType: string | undefined): string {
  const type = contentType?.split(';', 1)[0]?.trim().toLowerCase() ?? ''
  return mediaType.test(type) ? type : 'application/octet-stream'
}
