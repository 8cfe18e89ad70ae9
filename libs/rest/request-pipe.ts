import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common'
import { plainToInstance } from 'class-transformer'
import { validateSync, type ValidationError } from 'class-validator'
import { below, type FieldProblem, invalid, isPlainObject } from '#kernel'
import { problemsBehind } from './satisfies.ts'

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

function problemsOf({ property, constraints = {}, children = [] }: ValidationError): FieldProblem[] {
  const nested = below(property, children.flatMap(problemsOf))
  if (nested.length > 0) return nested
  return Object.entries(constraints)
    .slice(0, 1)
    .flatMap(([constraint, message]) => below(property, said(constraint, message)))
}

function said(constraint: string, message: string): readonly FieldProblem[] {
  const problem = constraint === 'whitelistValidation' ? 'is not known here' : message
  return problemsBehind(constraint, message) ?? [{ path: '', problem }]
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
