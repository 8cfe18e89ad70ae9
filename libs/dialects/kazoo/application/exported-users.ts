import { Injectable } from '@nestjs/common'
import { DomainError } from '#kernel'
import type { DomainName } from '#core/domains'
import { type DescribedUser, type DocumentReader, ForeignDocuments, type ReadRow } from '#core/imports'
import { textIn } from '../domain/document/text-in.ts'
import { unverifiedIfNew } from '../domain/document/unverified-if-new.ts'
import { exportedDocument } from '../domain/export/exported-document.ts'
import { exportedUser } from '../domain/export/exported-user.ts'
import type { JsonObject } from '../domain/json-object.ts'
import { dialect } from '../domain/dialect-name.ts'

/** Reads the users of an account of Kazoo's, for imports. */
@Injectable()
export class ExportedUsers implements DocumentReader {
  readonly dialect = dialect

  constructor(documents: ForeignDocuments) {
    documents.add(this)
  }

  read(row: JsonObject, domain: DomainName): ReadRow {
    const exported = exportedDocument(row)
    if ('instead' in exported) return { username: undefined, unreadable: exported.instead }
    const { document } = exported
    const username = textIn(document, 'username')?.slice(0, longestName).toWellFormed()
    try {
      return { username, described: describedUser(document, domain) }
    } catch (error) {
      if (!(error instanceof DomainError) || error.details.fields === undefined) throw error
      return { username, problems: error.details.fields }
    }
  }
}

const longestName = 255

/** Whoever is there already gets all that the document says: it's the whole of what Kazoo knows. */
function describedUser(document: JsonObject, domain: DomainName): DescribedUser {
  const { fields, password, extension } = exportedUser(document)
  const beside = {
    ...(password !== undefined && { password: { value: password, temporary: false } }),
    extension: { dialect, document: extension },
  }
  const { firstName, lastName, email, enabled } = fields
  return {
    user: { fields: { ...fields, domain }, ...beside },
    change: (there) => ({
      change: { firstName, lastName, email, enabled, ...unverifiedIfNew(email, there.email) },
      ...beside,
    }),
  }
}
