import { Injectable } from '@nestjs/common'
import type { Journalled, OperationKind } from './operation-kind.ts'

/** All kinds of operations, by name, for those that are found unfinished. The modules that have them say them at the start. */
@Injectable()
export class OperationKinds {
  private readonly kinds = new Map<string, OperationKind<Journalled, Journalled>>()

  add<Payload extends Journalled, State extends Journalled>(kind: OperationKind<Payload, State>): void {
    // what a kind gets is what it has written itself
    this.kinds.set(kind.name, kind)
  }

  get(name: string): OperationKind<Journalled, Journalled> | undefined {
    return this.kinds.get(name)
  }
}
