import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common'
import { plainToInstance } from 'class-transformer'
import { validateSync, type ValidationError } from 'class-validator'
import { below, type Check, type FieldProblem, invalid, isPlainObject } from '#kernel'

const deepest = 32

/** Reads bodies and queries into their classes, and answers with all that is wrong at once. */
@Injectable()
export class RequestPipe implements PipeTransform {
  transform(value: unknown, { type, metatype }: ArgumentMetadata): unknown {
    if ((type !== 'body' && type !== 'query') || metatype === undefined || metatype === Object) return value
    if (!isPlainObject(value)) throw invalid([{ path: '', problem: 'the body must be a JSON object' }])
    if (isDeeperThan(value, deepest)) throw invalid([{ path: '', problem: 'the body is nested too deeply' }])
    // eslint-disable-next-line no-restricted-syntax -- Nest says `Function` of what is a class
    const request: object = plainToInstance(metatype as new () => object, value)
    const problems = validateSync(request, { whitelist: true, forbidNonWhitelisted: true }).flatMap(problemsOf)
    if (problems.length > 0) throw invalid(problems)
    return request
  }
}

function problemsOf({
  property,
  value,
  constraints = {},
  contexts = {},
  children = [],
}: ValidationError): FieldProblem[] {
  const nested = below(property, children.flatMap(problemsOf))
  if (nested.length > 0) return nested
  return Object.entries(constraints)
    .slice(0, 1)
    .flatMap(([name, message]) => below(property, describe(name, message, value, contexts)))
}

function describe(
  name: string,
  message: string,
  value: unknown,
  contexts: NonNullable<ValidationError['contexts']>,
): readonly FieldProblem[] {
  if (name === 'whitelistValidation') return [{ path: '', problem: 'is not known here' }]
  const context: unknown = contexts[name]
  return isChecked(context) ? context.check(value) : [{ path: '', problem: message }]
}

function isChecked(context: unknown): context is { readonly check: Check } {
  return isPlainObject(context) && typeof context['check'] === 'function'
}

/** Without recursion: a megabyte of brackets would overflow the stack. */
function isDeeperThan(value: unknown, depth: number): boolean {
  let level: unknown[] = [value]
  for (let deep = 0; level.length > 0; deep += 1) {
    if (deep > depth) return true
    level = level.flatMap((item): unknown[] => (typeof item === 'object' && item !== null ? Object.values(item) : []))
  }
  return false
}
