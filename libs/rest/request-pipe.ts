import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common'
import { validateSync, type ValidationError } from 'class-validator'
import { below, type FieldProblem, invalid, isPlainObject } from '#kernel'
import { bracketed, intoBrackets, isInBrackets } from './brackets.ts'
import { classOfField, type FieldsClass, hasBracketsField, hasField } from './field.ts'
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
    const request = requestOf(metatype as FieldsClass, value)
    const problems = [...unknownFields(request, value), ...validateSync(request).flatMap(problemsOf)]
    if (problems.length > 0) throw invalid(problems)
    return request
  }
}

/**
 * A request with the fields that its class knows, their values as they came. class-transformer would do more: keys that
 * every object inherits (`constructor`, `toString`) make it fail, or get lost in it, at any depth.
 */
function requestOf(type: FieldsClass, plain: Readonly<Record<string, unknown>>): object {
  const request = new type()
  for (const [name, value] of Object.entries(plain)) {
    const nested = classOfField(request, name)
    const read = nested !== undefined && isPlainObject(value) ? requestOf(nested, value) : value
    if (hasField(request, name)) Reflect.set(request, name, read)
  }
  for (const [name, values] of intoBrackets(request, plain)) Reflect.set(request, name, values)
  return request
}

function unknownFields(request: object, plain: Readonly<Record<string, unknown>>): FieldProblem[] {
  return Object.entries(plain).flatMap(([name, value]) => {
    if (isInBrackets(request, name)) return []
    if (!hasField(request, name)) return [{ path: name, problem: 'is not known here' }]
    const read: unknown = Reflect.get(request, name)
    const nested = classOfField(request, name) !== undefined && isPlainObject(read) && isPlainObject(value)
    return nested ? below(name, unknownFields(read, value)) : []
  })
}

/** What is wrong with the value itself goes before what is wrong inside: a list in the place of an object has both. */
function problemsOf({ target = {}, property, constraints = {}, children = [] }: ValidationError): FieldProblem[] {
  const [constraint] = Object.entries(constraints)
  const problems = constraint === undefined ? children.flatMap(problemsOf) : said(...constraint)
  return hasBracketsField(target, property) ? bracketed(property, problems) : below(property, problems)
}

function said(constraint: string, message: string): readonly FieldProblem[] {
  return problemsBehind(constraint, message) ?? [{ path: '', problem: message }]
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
