import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fieldList } from './field-list.fixture.ts'
import { jsonSchemaOf } from './json-schema-of.ts'
import { kazooDocumentation, kazooSchemas } from './kazoo-material.fixture.ts'
import { metaflow } from './metaflow-fields.ts'
import { asked } from './schema-comparison.fixture.ts'
import type { ObjectField } from './field.ts'
import { userAuthFields } from './user-auth-fields.ts'
import { userFields } from './user-fields.ts'

/** Known to later Kazoos than the one whose schema it is. */
const later = /^(caller_id_options|flags|queue_pin)(\.|$)/

describe.skipIf(kazooSchemas === undefined)("Kazoo's schemas (skipped where KAZOO_MATERIAL has none)", () => {
  const theirs = (name: string) => {
    return asked(find(name), find)
  }
  const find = (name: string) => JSON.parse(readFileSync(join(kazooSchemas ?? '', `${name}.json`), 'utf8')) as unknown
  const ours = (field: ObjectField) => asked(jsonSchemaOf(field), find)

  it('ask for the same of every field of a user', () => {
    const known = Object.entries(ours(userFields)).filter(([path]) => !later.test(path))
    const expected = theirs('users')
    expect(Object.keys(expected).length).toBeGreaterThan(150)
    expect(Object.fromEntries(known)).toEqual(expected)
  })

  it('ask for the same of a metaflow, and of signing in', () => {
    expect(ours(metaflow)).toEqual(theirs('metaflow'))
    expect(ours(userAuthFields)).toEqual(theirs('user_auth'))
  })
})

describe.skipIf(kazooDocumentation === undefined)(
  "Kazoo's documentation (skipped where KAZOO_MATERIAL has none)",
  () => {
    const text = kazooDocumentation ?? ''
    const tables = text.slice(0, text.indexOf('\nFetch\n'))
    const rows = (name: string) => {
      const [, after = ''] = tables.split(new RegExp(`^${name}\\n`, 'm'))
      const table = after.slice(after.indexOf('Key Description Type Default Required')).split('\n').slice(1)
      const end = table.findIndex((line) => !/ (true|false)$/.test(line))
      return (end < 0 ? table : table.slice(0, end)).map((line) => line.split(' ')[0] ?? '')
    }

    it('names no field of a user that is missing', () => {
      const known = new Set(fieldList(userFields).map(({ path }) => path))
      const named = rows('Schema')
      expect(named).toHaveLength(67)
      expect(named.filter((path) => !known.has(path))).toEqual([])
    })

    const users = fieldList(userFields).map(({ path }) => path)
    const nodes = fieldList(metaflow).map(({ path }) => `metaflow.${path}`)

    it.each([
      ['call_recording', 'call_recording', 3],
      ['call_recording.parameters', 'call_recording.any.any', 6],
      ['call_recording.source', 'call_recording.any', 3],
      ['call_waiting', 'call_waiting', 1],
      ['caller_id', 'caller_id', 9],
      ['dialplans', 'dial_plan', 2],
      ['formatters', 'formatters', 1],
      ['formatters.format_options', 'formatters./^[A-Za-z0-9_]+$/', 7],
      ['metaflow', 'metaflow', 4],
      ['metaflows', 'metaflows', 7],
      ['notify.callback', 'voicemail.notify.callback', 6],
      ['profile', 'profile', 11],
    ])('names no field of %s that is missing', (table, path, count) => {
      const known = new Set([...users, ...nodes])
      const named = rows(table.replace('.', '\\.'))
      expect(named).toHaveLength(count)
      // a pattern in Erlang's words, and without the slashes that others have
      const written = named.map((key) => key.replace('^[[:alnum:]_]+$', '/^[A-Za-z0-9_]+$/'))
      expect(written.filter((key) => !known.has(`${path}.${key}`))).toEqual([])
    })
  },
)

describe('the list of fields', () => {
  it.each([
    ['call_forward.number', 'string(0..35)', undefined, false],
    ['first_name', 'string(1..128)', undefined, true],
    ['media.audio.codecs.[]', "string('OPUS' | 'CELT@32000h' | ", undefined, false],
    ['media.bypass_media', "boolean() | string('auto')", undefined, false],
    ['vm_to_email_enabled', 'boolean()', true, false],
    ['hotdesk', 'object()', {}, false],
    ['call_restriction.*.action', "string('inherit' | 'deny')", undefined, false],
    ['metaflows.numbers./^[0-9]+$/', 'metaflow', undefined, false],
    ['formatters./^[A-Za-z0-9_]+$/', 'array(object()) | object()', undefined, false],
    ['call_recording.any.onnet.time_limit', 'integer(5..10800)', undefined, false],
    ['voicemail.notify.callback.schedule', 'array(integer())', undefined, false],
  ])('says of %s that it is %s', (path, type, standard, required) => {
    const field = fieldList(userFields).find((each) => each.path === path)
    expect(field).toMatchObject({ default: standard, required })
    expect(field?.type.startsWith(type)).toBe(true)
  })

  it('says something of each, in a sentence', () => {
    for (const { path, about } of fieldList(userFields)) expect(about, path).toMatch(/^[A-Z].*[.]$/)
  })
})
