import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { describe, expect, it } from 'vitest'
import { configurationFrom, variables } from '../../apps/kitter/configuration.ts'
import { checkout } from './service-process.fixture.ts'

const example = readFileSync(join(checkout, '.env.example'), 'utf8')

/** Each variable in the file: the comment above it, its value, and whether it's commented out. */
const entries = [...example.matchAll(/^((?:#.*\n)+)(# )?([A-Z_]+)=(.*)$/gm)].map(
  ([, comment = '', mark, name = '', value = '']) => ({ comment, name, value, isOff: mark !== undefined }),
)

function isSupported(name: string): boolean {
  try {
    configurationFrom({ [name]: 'x' })
    return true
  } catch (error) {
    return !String(error).includes(`${name} is not supported yet`)
  }
}

describe('.env.example', () => {
  it('has every variable that kitter reads, once, and no other', () => {
    const named = [...example.matchAll(/^(?:# *)?([A-Z_]+)=/gm)].map(([, name]) => name)
    expect(named.toSorted()).toEqual([...variables].sort())
    expect(entries.map(({ name }) => name)).toEqual(named)
  })

  it.each(entries)('says what $name means, and its default', ({ comment, name, value, isOff }) => {
    expect(comment).toMatch(/Default: \S/)
    expect(comment.includes('Not supported yet.')).toBe(!isSupported(name))
    expect(isOff).toBe(!isSupported(name))
    if (value !== '') expect(comment).toContain(`Default: ${value}\n`)
    else if (isSupported(name)) expect(comment).toContain('Default: none')
  })

  it('as a .env file changes nothing', () => {
    expect(configurationFrom(parseEnv(example))).toEqual(configurationFrom({}))
  })
})
