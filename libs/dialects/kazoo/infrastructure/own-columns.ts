import { generatedPattern } from '../domain/ids/generated-name.ts'

/** What the document has from kitter's own row, as a text; never from the extension. */
export const ownColumns = {
  id: `replace(users.id::text, '-', '')`,
  username: `CASE WHEN username ~ '${generatedPattern}' THEN NULL ELSE username END`,
  first_name: 'first_name',
  last_name: 'last_name',
  email: 'email',
  enabled: 'enabled::text',
  password: 'NULL::text',
} as const

export function isOwnColumn(key: string): key is keyof typeof ownColumns {
  return Object.hasOwn(ownColumns, key)
}

/** Of names the indexes have so many characters: an entry of a B-tree has to stay below 2,704 bytes. */
export const namesCut = 200
