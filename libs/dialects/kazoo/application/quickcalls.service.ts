import { Injectable } from '@nestjs/common'
import { CallOriginator, NoEndpoints } from '#core/calls'
import type { Told } from '../domain/answers/told.ts'
import { toldUser } from '../domain/answers/told-user.ts'
import { userDocument } from '../domain/document/user-document.ts'
import { kazooId } from '../domain/ids/kazoo-id.ts'
import { quickcall, quickcallDocument } from '../domain/quickcall/quickcall.ts'
import type { Asked } from './asked.ts'
import { KazooUsersService } from './users.service.ts'

/** Calls that connect a user to a number. */
@Injectable()
export class QuickcallsService {
  constructor(
    private readonly users: KazooUsersService,
    private readonly calls: CallOriginator,
  ) {}

  async begin(asked: Asked, number: string): Promise<Told> {
    const seen = await this.users.seenChangeable(asked)
    const call = quickcall(number, asked.query)
    if (!seen.user.enabled) throw new NoEndpoints()
    const { id, username } = seen.user
    const realm = asked.account.domain.name
    const sipUser = encodeURIComponent(username).replace(/'/g, '%27')
    await this.calls.originate({
      from: `sip:${sipUser}@${realm}`,
      to: `sip:${encodeURIComponent(call.number)}@${realm}`,
    })
    const caller = { userId: kazooId(id), accountId: asked.account.id, realm, sipUser }
    return { ...toldUser(seen), data: quickcallDocument(call, caller, userDocument(seen)) }
  }
}
