import { type DynamicModule, Global, Module, type Provider } from '@nestjs/common'
import { CallerIdTable, SipProxy } from '#core/caller-id'
import { CallOriginator } from '#core/calls'
import type { Htable } from './htable.ts'
import { NoCallOriginator } from './no-call-originator.ts'
import { PostgresCallerIdTable } from './postgres-caller-id-table.ts'

export interface SipProxyOptions {
  /** Where caller IDs are kept: what `openHtable` gave. */
  readonly htable?: Htable
  /** What `connectSipProxy` gave. Without one somebody else provides the port. */
  readonly sipProxy?: SipProxy | undefined
  /** What `connectCallOriginator` gave. Without one nobody places calls. */
  readonly calls?: CallOriginator
}

/** The caller-ID table and the sip-proxy that goes by it. Whoever opened the table's database closes it. */
@Global()
@Module({})
export class SipProxyModule {
  static over({ htable, sipProxy, calls = new NoCallOriginator() }: SipProxyOptions): DynamicModule {
    const table: Provider[] =
      htable === undefined ? [] : [{ provide: CallerIdTable, useValue: new PostgresCallerIdTable(htable) }]
    const proxy: Provider[] = sipProxy === undefined ? [] : [{ provide: SipProxy, useValue: sipProxy }]
    const providers = [...table, ...proxy, { provide: CallOriginator, useValue: calls }]
    return { module: SipProxyModule, providers, exports: providers }
  }
}
