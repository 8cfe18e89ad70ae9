import type { z } from 'zod'
import { CannotRun } from '../cannot-run.ts'
import type { ServiceAnswer } from './service-answer.ts'

/** The body of the answer that was expected; what else was answered is why the command can't go on. `things` are what it's about. */
export function answered<Body>(
  { status, body, sentence }: ServiceAnswer,
  expected: number,
  shape: z.ZodType<Body>,
  things: string,
): Body {
  if (status !== expected) throw new CannotRun(sentence)
  const { data } = shape.safeParse(body)
  if (data === undefined) throw new CannotRun(`The service answered something else than is known of ${things}.`)
  return data
}
