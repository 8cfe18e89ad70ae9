import { Injectable } from '@nestjs/common'
import { type Actor, everywhere, scopeOf } from '#kernel'
import { type Claim, covers, operationInProgress, Provisioning } from '#core/provisioning'
import { type Domain, type DomainPatch, type DomainSettings, patched } from '../domain/domain.ts'
import {
  domainHasUsers,
  domainLoop,
  domainNameTaken,
  domainNotEmpty,
  unknownDomain,
  unknownDomainIn,
} from '../domain/domain-errors.ts'
import type { DomainName } from '../domain/domain-name.ts'
import { changesDomain, closesDomain, livesIn, takesDomainName, usesTree } from './domain-claims.ts'
import { DomainOperationKinds } from './domain-operation-kinds.ts'
import { DomainRecords } from './domain-records.ts'

/** The changes of domains as operations: what they claim, the steps they take, and how those are undone. */
@Injectable()
export class DomainOperations {
  constructor(
    private readonly provisioning: Provisioning,
    private readonly kinds: DomainOperationKinds,
    private readonly records: DomainRecords,
  ) {}

  create(actor: Actor, settings: DomainSettings & { readonly parent: DomainName }): Promise<Domain> {
    return this.provisioning.run(actor, {
      kind: this.kinds.create,
      subject: settings.name,
      claims: [takesDomainName(settings.name), livesIn(settings.parent)],
      prepare: async () => {
        await this.requireParent(actor, settings.parent, 'domain.parent')
        await this.requireFreeName(settings.name)
        return { payload: { settings }, result: ({ domainId = '' }): Domain => ({ ...settings, id: domainId }) }
      },
    })
  }

  async update(actor: Actor, seen: Domain, patch: DomainPatch): Promise<Domain> {
    if (patched(seen, patch).name !== seen.name) await this.requireNoUsers(seen.name)
    const claimsFor = (domain: Domain): Claim[] => claimsOfUpdate(domain, patch)
    return this.provisioning.run(actor, {
      kind: this.kinds.update,
      subject: seen.id,
      claims: claimsFor(seen),
      prepare: async () => {
        const before = await this.requireClaimed(actor, seen, claimsFor)
        const after = patched(before, patch)
        if (after.parent !== before.parent) await this.requireMovable(actor, after)
        const renamed = after.name === before.name ? [] : await this.requireRenamable(before, after.name)
        const children = renamed.map((child) => ({ ...child, parent: after.name }))
        return { payload: { before, domain: after, children }, result: () => after }
      },
    })
  }

  async remove(actor: Actor, seen: Domain): Promise<void> {
    await this.requireEmpty(seen.name)
    await this.provisioning.run(actor, {
      kind: this.kinds.remove,
      subject: seen.id,
      claims: claimsOfRemoval(seen),
      removesSubject: true,
      prepare: async () => {
        const before = await this.requireClaimed(actor, seen, claimsOfRemoval)
        await this.requireEmpty(before.name)
        return { payload: { id: before.id, before }, result: () => undefined }
      },
    })
  }

  /** The domain again, now that nobody else changes it. The claims were made for what was seen: they must do for what it is. */
  private async requireClaimed(actor: Actor, seen: Domain, claimsFor: (domain: Domain) => Claim[]): Promise<Domain> {
    const domain = await this.records.find(scopeOf(actor), seen.id)
    if (domain === undefined) throw unknownDomain()
    if (!covers(claimsFor(seen), claimsFor(domain))) throw operationInProgress()
    return domain
  }

  private async requireParent(actor: Actor, parent: DomainName, path: string): Promise<void> {
    if ((await this.records.findByName(scopeOf(actor), parent)) === undefined) throw unknownDomainIn(path)
  }

  private async requireFreeName(name: DomainName): Promise<void> {
    if ((await this.records.findByName(everywhere, name)) !== undefined) throw domainNameTaken(name)
  }

  /** The tree above the new parent may reach out of the actor's scope; the parent itself may not. */
  private async requireMovable(actor: Actor, { name, id, parent }: Domain): Promise<void> {
    if (parent !== undefined) await this.requireParent(actor, parent, 'parent')
    let above = parent
    while (above !== undefined) {
      const domain = await this.records.findByName(everywhere, above)
      if (domain === undefined) throw unknownDomainIn('parent')
      if (domain.id === id) throw domainLoop(name, parent ?? name)
      above = domain.parent
    }
  }

  /** The children, whose parent is renamed with it. */
  private async requireRenamable({ name }: Domain, next: DomainName): Promise<readonly Domain[]> {
    await this.requireNoUsers(name)
    await this.requireFreeName(next)
    return this.records.children(name)
  }

  /** Asked before the claims, too: where users come all the time, the claim of the whole domain never gets its turn. */
  private async requireEmpty(name: DomainName): Promise<void> {
    const [users, children] = await Promise.all([this.records.countUsers(name), this.records.children(name)])
    if (users + children.length > 0) throw domainNotEmpty(name, users, children.length)
  }

  private async requireNoUsers(name: DomainName): Promise<void> {
    const users = await this.records.countUsers(name)
    if (users > 0) throw domainHasUsers(name, users)
  }
}

function claimsOfUpdate(seen: Domain, { name = seen.name, parent = seen.parent }: DomainPatch): Claim[] {
  const claims = [changesDomain(seen.id)]
  if (parent !== seen.parent && parent !== undefined) claims.push(livesIn(parent))
  if (name !== seen.name) claims.push(takesDomainName(name), closesDomain(seen.name))
  return [...claims, usesTree(name !== seen.name || parent !== seen.parent)]
}

/** Its parent's renaming would rewrite it. */
function claimsOfRemoval({ id, name }: Domain): Claim[] {
  return [changesDomain(id), closesDomain(name), usesTree(false)]
}
