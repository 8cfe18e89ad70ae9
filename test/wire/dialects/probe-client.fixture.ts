import { type Answer, type CallOptions, TestKitter } from '../../support/test-kitter.ts'
import { WireClient } from '../errors/wire-client.fixture.ts'
import { makeProbeKnown } from './probe-dialect.fixture.ts'

/** A kitter that speaks the probe's dialect and Kazoo's, and somebody who calls it in the probe's way. */
export class ProbeClient implements AsyncDisposable {
  private constructor(
    readonly kitter: TestKitter,
    readonly wire: WireClient,
    private readonly resources: AsyncDisposableStack,
  ) {}

  static async start(...[settings, ...rest]: Parameters<typeof TestKitter.start>): Promise<ProbeClient> {
    makeProbeKnown()
    await using resources = new AsyncDisposableStack()
    const kitter = resources.use(await TestKitter.start({ DIALECTS: 'probe, kazoo', ...settings }, ...rest))
    const wire = resources.use(new WireClient(kitter))
    return new ProbeClient(kitter, wire, resources.move())
  }

  call(
    method: string,
    path: string,
    { token = this.kitter.adminToken, headers = {}, ...options }: CallOptions = {},
  ): Promise<Answer> {
    const given = { ...(token !== null && { 'x-probe-token': token }), ...headers }
    return this.wire.call(method, path, { ...options, token: null, headers: given })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.resources.disposeAsync()
  }
}
