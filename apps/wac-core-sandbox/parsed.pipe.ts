import type { PipeTransform } from '@nestjs/common'
import type { z } from 'zod'
import { invalid } from '#kernel'

/** What came, as the schema reads it, or all that is wrong with it. */
export class ParsedPipe<Value> implements PipeTransform<unknown, Value> {
  constructor(private readonly schema: z.ZodType<Value>) {}

  transform(value: unknown): Value {
    const { data, error } = this.schema.safeParse(value ?? {})
    if (error === undefined) return data
    throw invalid(error.issues.map(({ path, message }) => ({ path: path.join('.'), problem: message })))
  }
}
