import { Injectable } from '@nestjs/common'
import { type Actor, scopeOf } from '#kernel'
import type { User } from '#core/users'
import type { SearchCriteria } from '../domain/search-criteria.ts'
import { foreignMark } from '../domain/search-errors.ts'
import { MarkKey } from './mark-key.ts'
import { markOf, positionOf } from './mark.ts'
import { UserSearch } from './user-search.ts'

export interface SearchPage {
  readonly limit: number
  /** The `next` of the page before. */
  readonly after?: string
}

export interface SearchResult {
  readonly users: readonly User[]
  readonly total: number
  readonly isEstimate: boolean
  /** Of the page after this, if there is one. */
  readonly next?: string
}

/** Users as an actor may find them: those out of the actor's scope aren't there. */
@Injectable()
export class SearchService {
  constructor(
    private readonly users: UserSearch,
    private readonly key: MarkKey,
  ) {}

  async search(actor: Actor, criteria: SearchCriteria, { limit, after }: SearchPage): Promise<SearchResult> {
    const scope = scopeOf(actor)
    const search = JSON.stringify([scope, criteria])
    const behind = after === undefined ? undefined : positionOf(after, search, await this.key.read())
    if (after !== undefined && behind === undefined) throw foreignMark()
    const { users: found, total, isEstimate } = await this.users.find(scope, criteria, limit + 1, behind)
    const last = found.length > limit ? found[limit - 1] : undefined
    return {
      users: found.slice(0, limit).map(({ user }) => user),
      total,
      isEstimate,
      ...(last && { next: markOf(last.position, search, await this.key.read()) }),
    }
  }
}
