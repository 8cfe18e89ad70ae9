import { Injectable } from '@nestjs/common'
import { DomainError } from '#kernel'
import { type Call, CallOriginator, noEndpoints } from '#core/calls'
import type { Told } from '../domain/answers/told.ts'
import { toldOfUser } from '../domain/answers/told-of-user.ts'
import { userDocument } from '../domain/document/user-document.ts'
import { kazooId } from '../domain/ids/kazoo-id.ts'
import { tooManyCalls } from '../domain/problems/kazoo-errors.ts'
import { quickcall, quickcallDocument } from '../domain/quickcall/quickcall.ts'
import { sipUser } from '../domain/quickcall/sip-user.ts'
import type { Asked } from './asked.ts'
import { Tries } from './tries.ts'
import { KazooUsersService } from './users.service.ts'

/** Of a user within ten minutes, whoever begins them: calls cost money. */
const most = 30

/** Calls that connect a user to a number. */
@Injectable()
export class QuickcallsService {
  constructor(
    private readonly users: KazooUsersService,
    private readonly calls: CallOriginator,
    private readonly tries: Tries,
  ) {}

  async begin(asked: Asked, number: string): Promise<Told> {
    const seen = await this.users.seenChangeable(asked)
    const call = quickcall(number, asked.query)
    if (!seen.user.enabled) throw noEndpoints()
    const { id, username } = seen.user
    const realm = asked.account.domain.name
    const from = sipUser(username)
    await this.originate(id, { from: `sip:${from}@${realm}`, to: `sip:${sipUser(call.number)}@${realm}` })
    const caller = { userId: kazooId(id), accountId: asked.account.id, realm, sipUser: from }
    const told = toldOfUser(seen, quickcallDocument(call, caller, userDocument(seen)))
    return { ...told, audited: { dialled: call.number } }
  }

  /** What has surely not rung doesn't count. */
  private async originate(userId: string, call: Call): Promise<void> {
    const limits = [{ who: `quickcalls of ${userId}`, most }]
    const pause = await this.tries.begin(limits)
    if (pause !== undefined) throw tooManyCalls(pause)
    try {
      await this.calls.originate(call)
    } catch (error) {
      if (error instanceof DomainError && error.details.outcome !== 'unknown') await this.tries.takeBack(limits)
      throw error
    }
  }
}
