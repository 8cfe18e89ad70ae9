import { beforeEach, describe, expect, it } from 'vitest'
import { DocumentBuilder } from '@nestjs/swagger'
import { Dialect, type DialectAnswer, type DialectBody } from './dialect.ts'
import { Dialects } from './dialects.ts'

class SomeDialect extends Dialect {
  override readonly name = 'some'

  constructor(override readonly path: string) {
    super()
  }

  override outline() {
    return new DocumentBuilder().build()
  }

  override success(): DialectBody {
    return {}
  }

  override failure(): DialectAnswer {
    return { status: 500 }
  }
}

describe.each(['', '/kitter'])('Dialects behind the prefix "%s"', (prefix) => {
  const [one, other] = [new SomeDialect('/v2'), new SomeDialect('/scim/v2')]
  const at = (originalUrl: string) => ({ originalUrl })
  let dialects: Dialects
  beforeEach(() => {
    dialects = new Dialects(prefix)
    dialects.add(one)
    dialects.add(other)
  })

  it.each(['/v2', '/v2/', '/v2?a', '/v2#a', '/v2/a%2Fb', '/%762/a', '/v2/%zz', '/v2//'])(
    'know whose path is %s',
    (path) => {
      expect(dialects.of(at(`${prefix}${path}`))).toBe(one)
      expect(dialects.of(at(`${prefix}/scim${path}`))).toBe(other)
    },
  )

  it('know whose path it is also where it comes as to a proxy', () => {
    expect(dialects.of(at(`http://host:80${prefix}/v2/a?b`))).toBe(one)
    expect(dialects.of(at(`HTTPS://host${prefix}/scim/v2`))).toBe(other)
    expect(dialects.of(at(`http://host/x${prefix}/v2`))).toBeUndefined()
  })

  it('believe the route more than what was asked for', () => {
    expect(dialects.of({ ...at('/anything'), routeOptions: { url: `${prefix}/v2/:id` } })).toBe(one)
    expect(dialects.of({ ...at(`${prefix}/v2`), routeOptions: { url: '/users' } })).toBeUndefined()
  })

  it.each(['', '/', '/v2x', '/v2.json', '/V2', '//v2', '/v', '/users/v2', '/v2%2Fa', '/v2%3Fa', '/x?/v2'])(
    'know that %s is nobody’s',
    (path) => {
      expect(dialects.of(at(`${prefix}${path}`))).toBeUndefined()
      expect(dialects.of(at(`/elsewhere${path}`))).toBeUndefined()
    },
  )

  it('know the methods of a path', () => {
    dialects.noteRoute(['GET', 'HEAD'], `${prefix}/v2/a/:id`)
    dialects.noteRoute('PUT', `${prefix}/v2/a/:id`)
    dialects.noteRoute('DELETE', `${prefix}/v2/a/b`)
    const methodsAt = (path: string) => dialects.methodsAt(at(`${prefix}${path}`))
    expect(methodsAt('/v2/a/x/?y=z')).toEqual(['GET', 'HEAD', 'PUT'])
    expect(methodsAt('/v2/a/x?y=z')).toEqual(['GET', 'HEAD', 'PUT'])
    expect(methodsAt('/v2/a/b')).toEqual(['DELETE', 'GET', 'HEAD', 'PUT'])
    for (const path of ['/v2/a', '/v2/a/', '/v2/a/x/y', '/v2/c/x', '']) expect(methodsAt(path), path).toEqual([])
  })
})

it('No dialect has any path', () => {
  expect(new Dialects().of({ originalUrl: '/v2' })).toBeUndefined()
})
