import { z } from 'zod'
import { answered } from '../../service/answered.ts'
import type { ServiceClient } from '../../service/service-client.ts'
import { type ExportedUser, exportedUserShape } from './exported-user.ts'

/** Which users, in the words of `GET /users/search`. */
export type UserWish = readonly (readonly [name: string, value: string])[]

export interface UserPage {
  readonly users: readonly ExportedUser[]
  /** How many there are on all pages, at least about. */
  readonly total: number
}

const pageSize = 500
const pageShape = z.object({ users: z.array(exportedUserShape), total: z.number(), next: z.string().optional() })

/**
 * Users page by page, in the order in which they were created: that never changes, so none is missed and none comes twice while
 * others are created, renamed or deleted.
 */
export async function* userPages(service: Pick<ServiceClient, 'send'>, wish: UserWish): AsyncGenerator<UserPage> {
  for (let after: string | undefined; ;) {
    const query = new URLSearchParams({ sort: 'created_at', limit: String(pageSize) })
    for (const [name, value] of wish) query.append(name, value)
    if (after !== undefined) query.set('after', after)
    const answer = await service.send({ method: 'GET', path: `/users/search?${query.toString()}` })
    const { users, total, next } = answered(answer, 200, pageShape, 'users')
    yield { users, total }
    if (next === undefined) return
    after = next
  }
}
