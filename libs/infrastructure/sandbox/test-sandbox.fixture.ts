import { randomUUID } from 'node:crypto'
import type { Abstract, LoggerService, Type } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify'
import type { Role } from '#kernel'
import { type Account, Credentials, type HashedPassword, IdentityDirectory } from '#core/users'
import { createTestDatabase } from '../../../test/support/test-database.ts'
import { SandboxAdministrators } from './accounts/sandbox-administrators.ts'
import { SandboxDatabase } from './database/sandbox-database.ts'
import { SandboxModule } from './sandbox.module.ts'
import type { SandboxOptions } from './sandbox-settings.ts'
import { mountSandbox } from './tokens/mount-sandbox.ts'
import { sandboxRealm } from './tokens/sandbox-realm.ts'

export interface TokenAnswer {
  readonly status: number
  readonly access_token?: string
  readonly refresh_token?: string
  readonly expires_in?: number
  readonly scope?: string
  readonly error?: string
  readonly error_description?: string
}

export interface TestSandboxOptions extends Partial<SandboxOptions> {
  readonly prefix?: string
  readonly logger?: LoggerService
}

export const password = 'correct horse battery staple'

/** A sandbox with a database of its own, or of another one's, served on a free port. */
export class TestSandbox implements AsyncDisposable {
  private constructor(
    readonly url: string,
    readonly databaseUrl: string,
    private readonly app: NestFastifyApplication,
    private readonly resources: AsyncDisposableStack,
  ) {}

  static async start(options: TestSandboxOptions = {}): Promise<TestSandbox> {
    const { prefix = '', logger = false, ...settings } = options
    await using resources = new AsyncDisposableStack()
    const databaseUrl = settings.databaseUrl ?? (await ownDatabase(resources))
    const module = SandboxModule.over({ ...settings, databaseUrl })
    const app = await NestFactory.create<NestFastifyApplication>(module, new FastifyAdapter(), { logger })
    resources.defer(() => app.close())
    mountSandbox(app, prefix)
    await app.listen(0, '127.0.0.1')
    return new TestSandbox(`${await app.getUrl()}${prefix}`, databaseUrl, app, resources.move())
  }

  get<Part>(part: Type<Part> | Abstract<Part>): Part {
    return this.app.get(part)
  }

  rows<Row>(sql: string, ...parameters: readonly unknown[]): Promise<Row[]> {
    return this.get(SandboxDatabase).rows(sql, ...parameters)
  }

  async account(fields: Partial<Account> = {}, roles: readonly Role[] = []): Promise<Account> {
    const id = randomUUID()
    const account: Account = {
      id,
      loginName: `user-${id}`,
      emailVerified: false,
      enabled: true,
      attributes: {},
      ...fields,
    }
    await this.get(IdentityDirectory).create(account, await this.hashed())
    if (roles.length > 0) await this.get(SandboxAdministrators).assign(id, roles)
    return account
  }

  fetch(path: string, init?: RequestInit): Promise<Response> {
    return fetch(`${this.url}${sandboxRealm.path}${path}`, init)
  }

  async ask(
    parameters: Readonly<Record<string, string>>,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<TokenAnswer> {
    const body = new URLSearchParams({ client_id: sandboxRealm.clientId, ...parameters })
    const response = await this.fetch(sandboxRealm.tokenPath, { method: 'POST', body, headers })
    const answer = (await response.json()) as Omit<TokenAnswer, 'status'>
    return { ...answer, status: response.status }
  }

  logIn(loginName: string, parameters: Readonly<Record<string, string>> = {}): Promise<TokenAnswer> {
    return this.ask({ grant_type: 'password', username: loginName, password, ...parameters })
  }

  refresh({ refresh_token = '' }: TokenAnswer): Promise<TokenAnswer> {
    return this.ask({ grant_type: 'refresh_token', refresh_token })
  }

  exchange(parameters: Readonly<Record<string, string>>): Promise<TokenAnswer> {
    const { tokenExchange, accessTokenType } = sandboxRealm
    return this.ask({ grant_type: tokenExchange, subject_token_type: accessTokenType, ...parameters })
  }

  private hashed(): Promise<HashedPassword | undefined> {
    return this.get(Credentials).hash({ value: password, temporary: false }, 'first')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.resources.disposeAsync()
  }
}

async function ownDatabase(resources: AsyncDisposableStack): Promise<string> {
  const database = await createTestDatabase()
  resources.defer(() => database.drop())
  return database.url
}
