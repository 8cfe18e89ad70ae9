import type { Role } from '#kernel'
import { Scene } from '../e2e/scene.fixture.ts'
import type { ServiceProcess } from '../e2e/service-process.fixture.ts'
import { type Answer, call, type CallOptions } from './call.ts'
import { SandboxSystems } from './sandbox-systems.ts'

/** The service as it is built and shipped, in a process of its own, over a database of its own, on the sandbox. */
export class BuiltKitter implements AsyncDisposable {
  private constructor(
    readonly service: ServiceProcess,
    readonly databaseUrl: string,
    private readonly resources: AsyncDisposableStack,
  ) {}

  static async start(settings: Readonly<Record<string, string>> = {}): Promise<BuiltKitter> {
    await using starting = new AsyncDisposableStack()
    const scene = starting.use(new Scene())
    const environment = { ...(await scene.onDatabase()), ...settings }
    const service = await scene.start(environment)
    return new BuiltKitter(service, environment.DATABASE_URL, starting.move())
  }

  get url(): string {
    return this.service.url
  }

  get adminToken(): string {
    return this.service.adminToken
  }

  /** A path as the document writes it, the prefix included. */
  call(method: string, path: string, options: CallOptions = {}): Promise<Answer> {
    return call(method, new URL(path, this.url).href, { token: this.adminToken, ...options })
  }

  /** The token of somebody with this role. */
  token(role: Role, domain?: string): Promise<string> {
    return new SandboxSystems().token(this.service, role, domain)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.resources.disposeAsync()
  }
}
