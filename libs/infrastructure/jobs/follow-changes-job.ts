import { Injectable, type OnApplicationBootstrap } from '@nestjs/common'
import { ChangeFollower } from '#core/reconciliation'
import { BackgroundJobs } from './background-jobs.ts'

const everySeconds = 3

/** Looks every few seconds for what others changed at the identity provider. */
@Injectable()
export class FollowChangesJob implements OnApplicationBootstrap {
  constructor(
    private readonly jobs: BackgroundJobs,
    private readonly follower: ChangeFollower,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.jobs.start()
    await this.jobs.every(everySeconds, 'follow-changes', () => this.follower.follow())
  }
}
