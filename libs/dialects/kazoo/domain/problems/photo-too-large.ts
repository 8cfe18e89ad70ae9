import { DomainError } from '#kernel'

export const largestPhoto = 8_000_000

export class PhotoTooLarge extends DomainError {
  constructor() {
    super('too_large', 'request.too_large', `A photo must not have more than ${largestPhoto} bytes.`)
  }
}
