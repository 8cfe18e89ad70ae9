import { createHash } from 'node:crypto'
import { Body, Controller, Delete, Get, HttpCode, Injectable, Module, Param, Patch, Post, Put } from '@nestjs/common'
import { DocumentBuilder, type OpenAPIObject } from '@nestjs/swagger'
import { type Actor, DomainError, isPlainObject, ownOnly } from '#kernel'
import { parseDomainName } from '#core/domains'
import { type DocumentReader, ForeignDocuments, ImportsModule } from '#core/imports'
import { parseUserName, SignInDigests, type SignInDigest, UsersModule, UsersService } from '#core/users'
import {
  byOperation,
  Changes,
  ChangesAlsoOwn,
  CurrentActor,
  Dialect,
  type DialectAnswer,
  type DialectBody,
  type DialectFailure,
  type DialectRequest,
  Dialects,
  Public,
  queryIn,
  Reads,
  ReadsAlsoOwn,
  Repeatable,
  statusOf,
  TakesBytes,
} from '#rest'
import { knownDialects } from '../../../apps/kitter/dialects.ts'

/** Makes a second dialect known to `DIALECTS`, which has one route for everything that dialects can have. */
export function makeProbeKnown(): void {
  Reflect.set(knownDialects, 'probe', { module: ProbeModule, migrations: [], switches: {} })
}

export const digest: SignInDigest = {
  name: 'probe',
  of: ({ username }, password) => createHash('sha256').update(`${username}:${password}`).digest('hex'),
}

/** One with a `fault` breaks it. */
const reader: DocumentReader = {
  dialect: 'probe',
  read: ({ username, fault }, domain) => {
    if (fault !== undefined) throw new TypeError('the inside of the reader')
    const name = String(username)
    const flags = { emailVerified: false, enabled: true }
    const user = { fields: { username: parseUserName(name), domain, ...flags, attributes: {} } }
    return { username: name, described: { user, change: () => ({ change: {} }) } }
  },
}

/** Whoever holds it is the user with this id, and has no role. */
export const ownToken = (id: string): string => `own ${id}`

@Injectable()
class ProbeDialect extends Dialect {
  override readonly name = 'probe'
  override readonly path = '/probe'
  override readonly jsonType = 'application/probe+json'
  override readonly tokenParameters = ['token']

  override outline(version: string): Omit<OpenAPIObject, 'paths'> {
    return new DocumentBuilder().setTitle('probe').setVersion(version).build()
  }

  override admit({ originalUrl }: DialectRequest): Promise<void> {
    if (originalUrl.startsWith('/probe/nowhere')) throw new DomainError('unknown', 'user.unknown', 'to everybody')
    return Promise.resolve()
  }

  override success(result: unknown, { id }: DialectRequest): DialectBody {
    if (Buffer.isBuffer(result)) return { headers: { 'content-type': 'application/octet-stream' }, body: result }
    return { headers: { location: '/probe/made' }, body: { ok: true, result, request: id } }
  }

  override failure({ problem, allowed }: DialectFailure, { id, body }: DialectRequest): DialectAnswer {
    const headers = { 'x-probe': 'failure' }
    if (problem?.kind === 'unsupported_media') return { status: 415, headers }
    const status = allowed.length > 0 ? 405 : problem === undefined ? 500 : statusOf(problem.kind)
    return { status, headers, body: { ok: false, code: problem?.code, allowed, request: id, body } }
  }

  override tokenOf(request: DialectRequest): string | undefined {
    const header = request.headers['x-probe-token']
    return typeof header === 'string' ? header : (queryIn(request).get('token') ?? undefined)
  }

  override callerOf(token: string): Promise<Actor | undefined> {
    const [, subject] = /^own (.*)$/.exec(token) ?? []
    return Promise.resolve(subject === undefined ? undefined : { subject, name: 'own', role: ownOnly })
  }
}

let made = 0

@Controller('probe')
class ProbeController {
  constructor(
    private readonly users: UsersService,
    private readonly digests: SignInDigests,
  ) {}

  @Get('things')
  @Reads()
  things(): object {
    return { things: [] }
  }

  @Post('things')
  @Changes('probe.thing')
  @HttpCode(200)
  echo(@Body() body: unknown): object {
    return { body: body ?? null }
  }

  @Put('things/:name')
  @Changes('probe.thing')
  @Repeatable()
  make(): object {
    return { made: ++made }
  }

  @Put('unrepeatable')
  @Changes('probe.thing')
  makeAgain(): object {
    return { made: ++made }
  }

  @Post('bytes')
  @Changes('probe.bytes')
  @TakesBytes({ types: ['application/octet-stream'], most: 100_000 })
  bytes(@Body() body: unknown): unknown {
    return body
  }

  @Get('fault')
  @Public()
  fault(): never {
    throw new Error('the inside of the probe')
  }

  @Get('busy')
  @Public()
  busy(): never {
    throw new DomainError('unavailable', 'service.unavailable', 'busy', { retryAfter: 7 })
  }

  @Get('closed')
  closed(): object {
    return {}
  }

  @Put('users')
  @Changes(byOperation('user.create'))
  @Repeatable()
  create(@CurrentActor() actor: Actor, @Body() { username, domain, password, ...document }: Body): Promise<object> {
    return this.users.create(actor, {
      fields: {
        ...{ username: parseUserName(String(username)), domain: parseDomainName(String(domain)) },
        ...{ emailVerified: false, enabled: true, attributes: {} },
      },
      ...(typeof password === 'string' && { password: { value: password, temporary: false } }),
      extension: { dialect: 'probe', document },
    })
  }

  @Get('users/:id')
  @ReadsAlsoOwn()
  see(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<object> {
    return this.users.see(actor, id, 'probe')
  }

  /** Merges; a key `refuse` whose value is there already refuses. */
  @Patch('users/:id')
  @ChangesAlsoOwn(byOperation('user.update'))
  merge(@CurrentActor() actor: Actor, @Param('id') id: string, @Body() body: Body): Promise<object> {
    const { username, first_name: firstName, password, refuse, ...document } = body
    return this.users.updateBy(actor, id, {
      dialect: 'probe',
      decide: ({ extension = {} }) => {
        if (typeof refuse === 'string' && refuse in extension)
          throw new DomainError('conflict', 'user.email_missing', 'no')
        return {
          change: {
            ...(typeof username === 'string' && { username: parseUserName(username) }),
            ...(typeof firstName === 'string' && { firstName }),
          },
          ...(typeof password === 'string' && { password: { value: password, temporary: false } }),
          extension: { dialect: 'probe', document: { ...extension, ...document } },
        }
      },
    })
  }

  @Delete('users/:id')
  @ChangesAlsoOwn(byOperation('user.delete'))
  async remove(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<object> {
    await this.users.remove(actor, id)
    return {}
  }

  @Post('sign-in')
  @Public()
  @HttpCode(200)
  async signIn(@Body() { domain, digest: given }: Body): Promise<object> {
    const found = await this.digests.signIn('probe', parseDomainName(String(domain)), String(given))
    return { found: found?.user.id ?? null }
  }
}

type Body = Readonly<Record<string, unknown>>

@Module({ imports: [UsersModule, ImportsModule], controllers: [ProbeController], providers: [ProbeDialect] })
class ProbeModule {
  constructor(dialects: Dialects, dialect: ProbeDialect, digests: SignInDigests, documents: ForeignDocuments) {
    dialects.add(dialect)
    digests.register(digest)
    documents.add(reader)
  }
}

export function resultIn(body: unknown): Body {
  if (!isPlainObject(body) || !isPlainObject(body['result'])) throw new Error(`no result: ${JSON.stringify(body)}`)
  return body['result']
}
