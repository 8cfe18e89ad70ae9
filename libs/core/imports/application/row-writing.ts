import { Injectable } from '@nestjs/common'
import { DomainError } from '#kernel'
import { Operations, operationUnfinished, RepeatableRequest } from '#core/provisioning'
import { type SeenUser, type User, UsersService, userNameTaken } from '#core/users'
import { repeatableId } from '../domain/repeatable-id.ts'
import { ExistingUser } from './existing-user.ts'
import type { ImportWork } from './import-work.ts'
import { RowDomain } from './row-domain.ts'
import type { UserOutcome } from './user-outcome.ts'
import type { DescribedUser } from './user-rows.ts'

/** Makes the user of a row, as an operation that is made once, however often the row comes. */
@Injectable()
export class RowWriting {
  constructor(
    private readonly users: UsersService,
    private readonly existing: ExistingUser,
    private readonly domains: RowDomain,
    private readonly operations: Operations,
  ) {}

  async write(work: ImportWork, described: DescribedUser, row: number): Promise<UserOutcome> {
    if (await this.hasCreated(work, row)) return { outcome: 'created' }
    await this.domains.ensure(work, described.user.fields.domain)
    const { startedBy } = work.import
    const found = await this.existing.find(startedBy, described.user.fields)
    if (found !== undefined) return this.meet(work, found, described, row)
    try {
      const request = new RepeatableRequest(idOf(work, 'create', row), work.mayHaveCome(row), 'nothing')
      await request.run(() => this.users.create(startedBy, described.user))
      return { outcome: 'created' }
    } catch (error) {
      const other = isNameTaken(error) ? await this.existing.awaited(startedBy, described.user.fields) : undefined
      if (other === undefined) throw error
      return this.meet(work, other, described, row)
    }
  }

  /** In an earlier shift, which didn't come to write it down. */
  private async hasCreated(work: ImportWork, row: number): Promise<boolean> {
    if (!work.mayHaveCome(row)) return false
    const earlier = await this.operations.recall(idOf(work, 'create', row))
    if (earlier !== undefined && !earlier.isDone) throw operationUnfinished(earlier.id)
    return earlier !== undefined
  }

  private async meet(work: ImportWork, found: User, described: DescribedUser, row: number): Promise<UserOutcome> {
    const { change } = described
    switch (work.import.policy.onExisting) {
      case 'skip':
        return { outcome: 'skipped' }
      case 'fail':
        throw userNameTaken()
      case 'update': {
        const changed = this.existing.changeOf(change)
        const { startedBy, policy } = work.import
        const decision = { dialect: policy.from?.dialect, decide: ({ user }: SeenUser) => changed(user) }
        const request = new RepeatableRequest(idOf(work, 'update', row), work.mayHaveCome(row), 'nothing')
        await request.run(() => this.users.updateBy(startedBy, found.id, decision))
        return { outcome: 'updated' }
      }
    }
  }
}

function idOf({ import: { id } }: ImportWork, change: 'create' | 'update', row: number): string {
  return repeatableId(id, change, row)
}

function isNameTaken(error: unknown): boolean {
  return error instanceof DomainError && error.code === 'user.name_taken'
}
