import { Injectable } from '@nestjs/common'
import type { DomainName } from '#core/domains'
import { emailKey, emailTaken, LoginNames, type User, userNameTaken, UsersService, UserTrial } from '#core/users'
import { ExistingUser } from './existing-user.ts'
import type { TakenName } from './import-shifts.ts'
import type { ImportWork } from './import-work.ts'
import { RowDomain } from './row-domain.ts'
import type { UserOutcome } from './user-outcome.ts'
import type { DescribedUser } from './user-rows.ts'

/** Says what would come of a row, and changes nothing. Earlier rows count as if they were done. */
@Injectable()
export class RowRehearsal {
  constructor(
    private readonly trial: UserTrial,
    private readonly users: UsersService,
    private readonly existing: ExistingUser,
    private readonly domains: RowDomain,
    private readonly loginNames: LoginNames,
  ) {}

  async rehearse(work: ImportWork, described: DescribedUser): Promise<UserOutcome> {
    const { user } = described
    const coming = (await this.domains.wouldCreate(work, user.fields.domain)) ? user.fields.domain : undefined
    const found = coming === undefined ? await this.existing.find(work.import.startedBy, user.fields) : undefined
    return found === undefined
      ? this.createOrMeetEarlier(work, described, coming)
      : this.meet(work, found, described, coming)
  }

  private async createOrMeetEarlier(
    work: ImportWork,
    { user, change }: DescribedUser,
    coming: DomainName | undefined,
  ): Promise<UserOutcome> {
    const { policy, startedBy } = work.import
    const domain = await this.existing.domainOf(startedBy, user.fields)
    const login = `login:${this.loginNames.of({ username: user.fields.username, domain })}`
    const earlier = (await work.takenBy([login])).get(login)
    const isEarlier = earlier === domain
    if (earlier !== undefined && (!isEarlier || policy.onExisting === 'fail')) throw userNameTaken()
    if (isEarlier && policy.onExisting === 'skip') return { outcome: 'skipped' }
    if (isEarlier) this.existing.changeOf(change)
    const names = this.namesOf(await this.trial.create(startedBy, user, coming))
    await this.requireFree(work, names)
    return this.would(work, isEarlier ? 'updated' : 'created', names)
  }

  private async meet(
    work: ImportWork,
    user: User,
    { change }: DescribedUser,
    coming: DomainName | undefined,
  ): Promise<UserOutcome> {
    const { policy, startedBy } = work.import
    if (policy.onExisting === 'skip') return { outcome: 'skipped' }
    if (policy.onExisting === 'fail') throw userNameTaken()
    const changed = this.existing.changeOf(change)
    await this.users.changeable(startedBy, user.id)
    const after = await this.trial.update(startedBy, user, changed(user), coming)
    const names = this.namesOf(after).slice(1)
    await this.requireFree(work, names)
    return this.would(work, 'updated', names)
  }

  /** Addresses that earlier rows give to others. */
  private async requireFree(work: ImportWork, names: readonly TakenName[]): Promise<void> {
    const taken = await work.takenBy(names.map(({ name }) => name))
    if (names.some(({ name, by }) => taken.has(name) && taken.get(name) !== by)) throw emailTaken()
  }

  private would(work: ImportWork, outcome: 'created' | 'updated', takes: readonly TakenName[]): UserOutcome {
    work.take(takes)
    return { outcome, takes }
  }

  /** What the user takes: its login name stands for its domain, its address for its login name. */
  private namesOf(user: User): TakenName[] {
    const loginName = this.loginNames.of(user)
    const login = { name: `login:${loginName}`, by: user.domain }
    return user.email === undefined ? [login] : [login, { name: `email:${emailKey(user.email)}`, by: loginName }]
  }
}
