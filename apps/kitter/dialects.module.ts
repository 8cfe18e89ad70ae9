import { type DynamicModule, Global, Module } from '@nestjs/common'
import { Dialects } from '#rest'

/** Where the dialects say that they are there. */
@Global()
@Module({})
export class DialectsModule {
  static of(dialects: Dialects): DynamicModule {
    return { module: DialectsModule, providers: [{ provide: Dialects, useValue: dialects }], exports: [Dialects] }
  }
}
