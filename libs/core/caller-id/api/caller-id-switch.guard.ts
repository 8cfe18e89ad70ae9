import { type CanActivate, Injectable } from '@nestjs/common'
import { callerIdDisabled } from '../domain/caller-id-errors.ts'
import { CallerIdSwitch } from '../domain/caller-id-switch.ts'

/** The routes aren't there until the operator switches them on. */
@Injectable()
export class CallerIdSwitchGuard implements CanActivate {
  constructor(private readonly callerId: CallerIdSwitch) {}

  canActivate(): boolean {
    if (!this.callerId.on) throw callerIdDisabled()
    return true
  }
}
