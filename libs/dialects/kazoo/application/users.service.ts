import { randomBytes } from 'node:crypto'
import { Injectable } from '@nestjs/common'
import { DomainError, isPlainObject, ownOnly } from '#kernel'
import { type ChangedUser, type SeenUser, UsersService } from '#core/users'
import { isMatch } from '../domain/answers/entity-tag.ts'
import { revisionOf } from '../domain/answers/revision.ts'
import type { Told } from '../domain/answers/told.ts'
import { toldUser } from '../domain/answers/told-user.ts'
import { type ChangedExtendedUser, patchedUser, replacedUser } from '../domain/document/changed-user.ts'
import { newUser } from '../domain/document/new-user.ts'
import { requireOwnDocumentChange } from '../domain/document/own-change.ts'
import { userDocument } from '../domain/document/user-document.ts'
import { kazooId, uuidOf } from '../domain/ids/kazoo-id.ts'
import type { JsonObject } from '../domain/json-object.ts'
import { BadIdentifier } from '../domain/problems/bad-identifier.ts'
import { preconditionFailed } from '../domain/problems/kazoo-errors.ts'
import { toldClash } from '../domain/problems/told-clash.ts'
import { photosOfCards, vcardOf } from '../domain/vcard/vcard.ts'
import { type Asked, dataOf } from './asked.ts'
import { dialect } from '../domain/dialect-name.ts'
import { Listing } from './listing.ts'
import { PhotoStore } from './photo-store.ts'

type Decide = (seen: SeenUser, data: unknown) => ChangedExtendedUser

/** The users of an account: those of the domain itself, not of the ones below it. */
@Injectable()
export class KazooUsersService {
  constructor(
    private readonly users: UsersService,
    private readonly listing: Listing,
    private readonly photos: PhotoStore,
  ) {}

  list({ account, query }: Asked): Promise<Told> {
    return this.listing.list(account.domain.name, query)
  }

  async create(asked: Asked): Promise<Told> {
    const { actor, account } = asked
    const { fields, password, extension } = newUser(dataOf(asked), randomBytes(16).toString('hex'))
    const user = await this.told(asked, () =>
      this.users.create(actor, {
        fields: { ...fields, domain: account.domain.name },
        ...passwordOf(password),
        extension: { dialect, document: extension },
      }),
    )
    return { ...toldUser({ user, extension }), location: `accounts/${account.id}/users/${kazooId(user.id)}` }
  }

  async read(asked: Asked): Promise<Told> {
    return toldUser(await this.seen(asked))
  }

  async vcard(asked: Asked): Promise<string> {
    const seen = await this.seen(asked)
    return vcardOf(userDocument(seen), await this.photos.find(seen.user.id, photosOfCards))
  }

  replace(asked: Asked): Promise<Told> {
    return this.change(asked, replacedUser)
  }

  patch(asked: Asked): Promise<Told> {
    return this.change(asked, patchedUser)
  }

  /** What a POST stands for. */
  byVerb(asked: Asked, verb: string): Promise<Told> {
    if (verb === 'PATCH') return this.patch(asked)
    return verb === 'DELETE' ? this.remove(asked) : this.replace(asked)
  }

  async remove(asked: Asked): Promise<Told> {
    const decide = (seen: SeenUser): void => this.requireThatOne(asked, seen)
    return this.told(asked, async () =>
      toldUser(await this.users.removeBy(asked.actor, uuidIn(asked), { dialect, decide })),
    )
  }

  /** Throws where the account has no such user, or none that the caller may see. */
  async seen(asked: Asked): Promise<SeenUser> {
    const seen = await this.told(asked, () => this.users.see(asked.actor, uuidIn(asked), dialect))
    this.requireHere(asked, seen)
    return seen
  }

  /** The same where the caller would change it. */
  async seenChangeable(asked: Asked): Promise<SeenUser> {
    const seen = await this.told(asked, () => this.users.seeChangeable(asked.actor, uuidIn(asked), dialect))
    this.requireHere(asked, seen)
    return seen
  }

  private async change(asked: Asked, decided: Decide): Promise<Told> {
    const decide = (seen: SeenUser): ChangedUser => {
      this.requireHere(asked, seen)
      const { change, password, extension } = decided(seen, dataOf(asked))
      this.requireThatOne(asked, seen)
      if (asked.actor.role === ownOnly) requireOwnDocumentChange(seen, extension)
      return { change, ...passwordOf(password), extension: { dialect, document: extension } }
    }
    return this.told(asked, async () =>
      toldUser(await this.users.updateBy(asked.actor, uuidIn(asked), { dialect, decide })),
    )
  }

  /** It may have been moved to another account. */
  private requireHere({ account, id }: Asked, { user }: SeenUser): void {
    if (user.domain !== account.domain.name) throw new BadIdentifier(id)
  }

  private requireThatOne(asked: Asked, seen: SeenUser): void {
    this.requireHere(asked, seen)
    const { ifMatch } = asked
    if (ifMatch !== undefined && !isMatch(ifMatch, revisionOf(userDocument(seen)))) throw preconditionFailed()
  }

  /** What the core refuses, with what clients look for in it. */
  private async told<Result>(asked: Asked, work: () => Promise<Result>): Promise<Result> {
    try {
      return await work()
    } catch (error) {
      throw toldMissing(toldClash(error, sentIn(asked)), asked)
    }
  }
}

function passwordOf(value: string | undefined): Pick<ChangedUser, 'password'> {
  return value === undefined ? {} : { password: { value, temporary: false } }
}

function uuidIn({ id }: Asked): string {
  const uuid = uuidOf(id)
  if (uuid === undefined) throw new BadIdentifier(id)
  return uuid
}

function toldMissing(error: unknown, { id }: Asked): unknown {
  return isUnknownUser(error) ? new BadIdentifier(id) : error
}

function isUnknownUser(error: unknown): boolean {
  return error instanceof DomainError && error.code === 'user.unknown'
}

/** What was sent, as far as it can be read: a refusal is told, whatever came with it. */
function sentIn(asked: Asked): JsonObject {
  try {
    const data = dataOf(asked)
    return isPlainObject(data) ? data : {}
  } catch {
    return {}
  }
}
