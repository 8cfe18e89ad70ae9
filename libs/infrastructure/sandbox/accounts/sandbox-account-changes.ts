import { Injectable } from '@nestjs/common'
import { AccountChanges, type ToldChanges } from '#core/users'

/** Nobody but kitter changes the sandbox's accounts. */
@Injectable()
export class SandboxAccountChanges extends AccountChanges {
  override since(position = '{}'): Promise<ToldChanges> {
    return Promise.resolve({ ids: [], position })
  }
}
