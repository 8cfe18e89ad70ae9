import { DomainError } from '#kernel'
import { textIn } from '../document/text-in.ts'
import type { JsonObject } from '../json-object.ts'
import { taken } from './found-problems.ts'
import { InvalidDocument } from './invalid-document.ts'

/** Clients look for the value that clashed in the answer, and the core doesn't tell it: it's in what they sent. */
export function toldClash(error: unknown, sent: JsonObject): unknown {
  if (!(error instanceof DomainError)) return error
  if (error.code === 'user.name_taken') return clash('username', 'Username', sent)
  return error.code === 'user.email_taken' ? clash('email', 'Email', sent) : error
}

function clash(key: string, name: string, sent: JsonObject): InvalidDocument {
  return new InvalidDocument([taken([key], `${name} must be unique within account`, textIn(sent, key)?.toLowerCase())])
}
