import { Injectable } from '@nestjs/common'
import { DomainError } from '#kernel'
import { lookAt, type Looked } from './look-at.ts'
import { Staging, type Suspect } from './staging.ts'
import { UserDifferences } from './user-differences.ts'
import type { WorkingShift } from './working-shift.ts'

const atOnce = 4
const fromStorageAtOnce = 100

/**
 * Looks at each user that was suspected, under its claim, and mends what differs. Who was busy, or whose name was another's,
 * gets another round, as long as others are being mended.
 */
@Injectable()
export class UsersPhase {
  constructor(
    private readonly staging: Staging,
    private readonly differences: UserDifferences,
  ) {}

  async run(shift: WorkingShift): Promise<void> {
    await this.staging.beginRounds(shift.id)
    for (let round = 0; ; round++) {
      const { mended, busy } = await this.round(shift, round)
      // also those whom a replica looked at that is gone
      if (round === 0) await shift.count({ checked: shift.counts.suspects })
      if (mended > 0 || (round === 0 && busy > 0)) continue
      await shift.count({ busy: shift.counts.busy + busy })
      return
    }
  }

  private async round(shift: WorkingShift, round: number): Promise<{ readonly mended: number; readonly busy: number }> {
    const tally = { mended: 0, busy: 0 }
    let after = 0
    for (;;) {
      const suspects = await this.staging.suspects(shift.id, round, after, fromStorageAtOnce)
      const last = suspects.at(-1)
      if (last === undefined) return tally
      after = last.number
      await this.lookAtAll(shift, suspects, tally)
      await shift.count(
        round === 0 ? { checked: Math.min(shift.counts.checked + suspects.length, shift.counts.suspects) } : {},
      )
    }
  }

  private async lookAtAll(
    shift: WorkingShift,
    suspects: readonly Suspect[],
    tally: { mended: number; busy: number },
  ): Promise<void> {
    const waiting = suspects.values()
    let failure: { readonly error: unknown } | undefined
    const lookOn = async (): Promise<void> => {
      for (const suspect of waiting) {
        if (failure !== undefined) return
        await this.lookAtOne(shift, suspect, tally).catch((error: unknown) => (failure ??= { error }))
      }
    }
    // all have ended before somebody else may go on
    await Promise.all(Array.from({ length: atOnce }, lookOn))
    if (failure !== undefined) throw failure.error
  }

  private async lookAtOne(
    shift: WorkingShift,
    suspect: Suspect,
    tally: { mended: number; busy: number },
  ): Promise<void> {
    shift.requireOn()
    const looked = await this.lookAt(shift, suspect)
    if (looked === 'mended') tally.mended++
    if (looked === 'busy') tally.busy++
    const isOver = looked === 'mended' || looked === 'over'
    await (isOver
      ? this.staging.clearSuspect(shift.id, suspect.number)
      : this.staging.deferSuspect(shift.id, suspect.number))
  }

  private async lookAt(shift: WorkingShift, suspect: Suspect): Promise<Looked> {
    const { userId, communicationsId = '' } = suspect
    try {
      return await lookAt(shift, this.differences, suspect, { about: 'user', id: userId ?? communicationsId })
    } catch (error) {
      if (error instanceof DomainError && error.code === 'operation.in_progress') return 'busy'
      // a system that is away, or doesn't let kitter in, keeps everybody waiting
      throw error
    }
  }
}
