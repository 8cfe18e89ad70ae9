import { Injectable } from '@nestjs/common'
import type { DomainName } from '#core/domains'

/** Sessions that people have with kitter itself and not with the realm: those of a dialect, for one. Each says how many it ended. */
export interface SessionKeeper {
  endOf(userId: string): Promise<number>
  /** Of the domain itself, not of those below it. */
  endOfDomain(domain: DomainName): Promise<number>
  endAll(): Promise<number>
}

/** All of those beside the realm's: who is logged out is so everywhere. */
@Injectable()
export class FurtherSessions implements SessionKeeper {
  private readonly keepers: SessionKeeper[] = []

  /** At the start, by whoever keeps some. */
  add(keeper: SessionKeeper): void {
    this.keepers.push(keeper)
  }

  endOf(userId: string): Promise<number> {
    return this.sum((keeper) => keeper.endOf(userId))
  }

  endOfDomain(domain: DomainName): Promise<number> {
    return this.sum((keeper) => keeper.endOfDomain(domain))
  }

  endAll(): Promise<number> {
    return this.sum((keeper) => keeper.endAll())
  }

  private async sum(end: (keeper: SessionKeeper) => Promise<number>): Promise<number> {
    const ended = await Promise.all(this.keepers.map(end))
    return ended.reduce((sum, count) => sum + count, 0)
  }
}
