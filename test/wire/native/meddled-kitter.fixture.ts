import { TestKitter } from '../../support/test-kitter.ts'
import { DatabaseLook } from './database-look.fixture.ts'
import { Meddler } from './drift.fixture.ts'

/** A kitter of its own, a look behind it, and somebody who changes things behind its back. */
export class MeddledKitter implements AsyncDisposable {
  readonly meddler: Meddler

  private constructor(
    readonly kitter: TestKitter,
    readonly look: DatabaseLook,
    private readonly resources: AsyncDisposableStack,
  ) {
    this.meddler = new Meddler(kitter, look)
  }

  static async start(settings: Readonly<Record<string, string>> = {}): Promise<MeddledKitter> {
    await using starting = new AsyncDisposableStack()
    const kitter = starting.use(await TestKitter.start(settings))
    const look = starting.use(await DatabaseLook.into(kitter))
    return new MeddledKitter(kitter, look, starting.move())
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.resources.disposeAsync()
  }
}
