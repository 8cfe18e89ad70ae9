import { describe, expect, it } from 'vitest'
import { problemsIn } from '../problems/problems-in.fixture.ts'
import { PhotoTooLarge } from '../problems/photo-too-large.ts'
import { uploadedPhoto } from './uploaded-photo.ts'

const bytes = Buffer.from([0, 1, 255])
const upload = (content: Buffer | string, contentType?: string, transferEncoding?: string) =>
  uploadedPhoto({ bytes: Buffer.from(content), contentType, transferEncoding })

describe('A photo', () => {
  it('is what was sent, of the type that it says, without parameters', () => {
    expect(upload(bytes, 'Image/PNG; a=b')).toEqual({ bytes, contentType: 'image/png' })
    for (const none of [undefined, '', 'nonsense', 'a/b\r\nx: y']) {
      expect(upload(bytes, none).contentType).toBe('application/octet-stream')
    }
  })

  it('is decoded, where it is said or written to be base64', () => {
    const text = bytes.toString('base64')
    expect(upload(`${text}\r\n`, 'text/csv', ' Base64 ')).toEqual({ bytes, contentType: 'text/csv' })
    expect(upload(text, 'application/base64')).toMatchObject({ bytes })
    expect(upload(`data:image/jpeg;base64,${text}`, 'text/csv', 'base64')).toEqual({ bytes, contentType: 'image/jpeg' })
    expect(upload(`data:;base64,${text}`, 'text/csv', 'base64').contentType).toBe('application/octet-stream')
    expect(problemsIn(() => upload('<html>', 'text/csv', 'base64'))).toHaveProperty('file.invalid')
  })

  it('has something in it, and not too much', () => {
    expect(problemsIn(() => upload(''))).toHaveProperty('file.required')
    expect(() => upload(Buffer.alloc(8_000_001))).toThrow(PhotoTooLarge)
  })
})
