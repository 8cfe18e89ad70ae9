import { createParamDecorator, type ExecutionContext } from '@nestjs/common'
import type { DialectRequest } from '#rest'
import { textIn } from '../domain/document/text-in.ts'
import type { Upload } from '../domain/photo/uploaded-photo.ts'

/** What the headers say of bytes that are sent: a parameter of a controller's method. */
export const UploadHeaders = createParamDecorator((_: unknown, context: ExecutionContext): Omit<Upload, 'bytes'> => {
  const { headers } = context.switchToHttp().getRequest<DialectRequest>()
  return {
    contentType: textIn(headers, 'content-type'),
    transferEncoding: textIn(headers, 'content-transfer-encoding'),
  }
})
